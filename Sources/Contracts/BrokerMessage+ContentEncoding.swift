extension BrokerMessage.Properties {
    /// What keeps a body from being read as it stands: a `content_encoding` other than none, `identity` or `utf-8`.
    package var encodingProblem: Problem? {
        switch contentEncoding?.lowercased() {
        case nil, "", "identity", "utf-8", "utf8": nil
        default: Problem("content_encoding", "must be empty, identity or utf-8: the body is read as it stands")
        }
    }
}
