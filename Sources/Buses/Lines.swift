/// A change of level on a line, stamped by the kernel.
public struct LineEdge: Hashable, Sendable {
  /// Which way the level went.
  public enum Direction: String, Hashable, Sendable {
    /// From inactive to active.
    case rising
    /// From active to inactive.
    case falling
  }

  /// Which way the level went.
  public let direction: Direction
  /// When, in nanoseconds of the monotonic clock; only differences mean anything.
  public let timestamp: Int64

  /// An edge at a time of the monotonic clock, in nanoseconds.
  public init(_ direction: Direction, timestamp: Int64) {
    self.direction = direction
    self.timestamp = timestamp
  }
}

/// Why a line could not be read, driven or waited for.
public struct LineFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What a caller can act on.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// There is no such chip or line.
    case noSuchLine = "no such line"
    /// Another program, or the kernel, holds the line.
    case busy = "line is busy"
    /// The chip is not there any more.
    case deviceGone = "chip gone"
    /// The chip cannot do what was asked.
    case unsupported = "not supported by the chip"
    /// Anything else; the detail says what.
    case other = "failure"
  }

  /// What happened, for programs.
  public let kind: Kind
  /// What happened in the system's words, or empty.
  public let detail: String

  /// A failure of one kind, with the system's own words.
  public init(_ kind: Kind, detail: String = "") {
    self.kind = kind
    self.detail = detail
  }

  /// What happened, for people.
  public var description: String {
    detail.isEmpty ? kind.rawValue : "\(kind.rawValue) (\(detail))"
  }
}

/// What pulls a line while nothing drives it.
public enum LineBias: String, Hashable, Sendable, CaseIterable {
  /// As the board's firmware left it.
  case asIs = "as-is"
  /// Neither way.
  case disabled = "none"
  /// To the supply.
  case pullUp = "up"
  /// To ground.
  case pullDown = "down"
}

/// An input line: its level now, and its edges in the order in which they came.
public protocol InputLine: ~Copyable {
  /// Whether the line is active now.
  mutating func level() throws(LineFailure) -> Bool

  /// The next edge, or nil where none came within `limit`.
  mutating func nextEdge(within limit: Duration) throws(LineFailure) -> LineEdge?
}

/// An output line.
public protocol OutputLine: ~Copyable {
  /// Drives the line active or inactive.
  mutating func drive(active: Bool) throws(LineFailure)
}
