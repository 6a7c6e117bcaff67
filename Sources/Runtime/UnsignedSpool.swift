public import Evidence

/// Keeps what was measured while nothing may be signed.
///
/// What is in a spool is no evidence: nobody signed it. It is there so that the measurements of a
/// board whose log is damaged are not lost with it.
public protocol UnsignedSpool: Sendable {
  /// Keeps a line of text, without its newline, and makes it durable.
  func append(_ line: String) throws(LogFailure)
}
