#!/usr/bin/env python3
"""soak-balancer.py PORT UPSTREAM_PORT...: hands each HTTP request to one of several local ports, in turn.

A port that does not answer within two seconds, or not at all, is passed over for three seconds, as a load balancer with
health checks does; where none answers, the client gets 503. Requests are small and have a Content-Length."""
import asyncio
import itertools
import sys
import time

PORT, UPSTREAMS = int(sys.argv[1]), [int(port) for port in sys.argv[2:]]
PATIENCE, PAUSE = 2.0, 3.0
rested = dict.fromkeys(UPSTREAMS, 0.0)
turn = itertools.count()


async def read_message(reader):
    """A head and its body, as bytes."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    return head + (await reader.readexactly(length) if length else b"")


async def ask(port, request):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        return await read_message(reader)
    finally:
        writer.close()


async def answer(request):
    start = next(turn)
    for step in range(len(UPSTREAMS)):
        port = UPSTREAMS[(start + step) % len(UPSTREAMS)]
        if rested[port] > time.monotonic():
            continue
        try:
            return await asyncio.wait_for(ask(port, request), PATIENCE)
        except (OSError, ValueError, asyncio.TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            rested[port] = time.monotonic() + PAUSE
    return b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


async def serve(reader, writer):
    try:
        while True:
            writer.write(await answer(await read_message(reader)))
            await writer.drain()
    except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", PORT)
    async with server:
        await server.serve_forever()


asyncio.run(main())
