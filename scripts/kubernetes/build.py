"""Puts a kustomization together, as `kubectl kustomize` does, with what docker/kubernetes uses of it.

Debian has no kubectl that knows components, so that the check would otherwise not run everywhere. Where there is one,
check.py compares the two.
"""
import copy
import os

import yaml

# How lists are merged: by these keys of their elements, where a path is not named they are replaced.
MERGE_KEYS = {
    "containers": "name",
    "volumes": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
}
KNOWN = {"apiVersion", "kind", "resources", "components", "images", "patches"}


class Problem(Exception):
    """A kustomization that cannot be put together."""


def load_all(path):
    with open(path, encoding="utf-8") as file:
        return [document for document in yaml.safe_load_all(file) if document is not None]


def identity(resource):
    return resource.get("kind"), resource.get("metadata", {}).get("name")


def merge(base, patch, name=""):
    if isinstance(base, dict) and isinstance(patch, dict):
        merged = dict(base)
        for key, value in patch.items():
            if value is None:
                merged.pop(key, None)
            else:
                merged[key] = merge(merged[key], value, key) if key in merged else copy.deepcopy(value)
        return merged
    key = MERGE_KEYS.get(name)
    if isinstance(base, list) and isinstance(patch, list) and key:
        merged = list(base)
        for element in patch:
            at = next((i for i, known in enumerate(merged) if known.get(key) == element.get(key)), None)
            if at is None:
                merged.append(copy.deepcopy(element))
            else:
                merged[at] = merge(merged[at], element)
        return merged
    return copy.deepcopy(patch)


def set_images(node, images):
    if isinstance(node, list):
        for element in node:
            set_images(element, images)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "image" and isinstance(value, str):
                image = images.get(value.split("@")[0].rsplit(":", 1)[0] if ":" in value else value)
                if image:
                    name = image.get("newName", image["name"])
                    end = "@" + image["digest"] if "digest" in image else ":" + image.get("newTag", "latest")
                    node[key] = name + end
            else:
                set_images(value, images)


def build(folder, resources=()):
    """The resources of a folder with a kustomization.yaml; a component changes those that it is given."""
    path = os.path.join(folder, "kustomization.yaml")
    if not os.path.exists(path):
        raise Problem(f"{folder} has no kustomization.yaml")
    kustomization = load_all(path)[0]
    unknown = set(kustomization) - KNOWN
    if unknown:
        raise Problem(f"{path}: {sorted(unknown)} is not understood by this script")
    built = list(resources)
    for name in kustomization.get("resources", []):
        place = os.path.normpath(os.path.join(folder, name))
        if not os.path.exists(place):
            raise Problem(f"{path}: there is no {name}")
        built += build(place) if os.path.isdir(place) else load_all(place)
    for name in kustomization.get("components", []):
        built = build(os.path.normpath(os.path.join(folder, name)), built)
    for patch in kustomization.get("patches", []):
        for document in load_all(os.path.join(folder, patch["path"])):
            at = next((i for i, known in enumerate(built) if identity(known) == identity(document)), None)
            if at is None:
                raise Problem(f"{path}: {patch['path']} changes {identity(document)}, which there is not")
            built[at] = merge(built[at], document)
    images = {image["name"]: image for image in kustomization.get("images", [])}
    set_images(built, images)
    names = [identity(resource) for resource in built]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise Problem(f"{path}: {sorted(twice)} is there twice")
    return built
