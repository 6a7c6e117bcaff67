/// What a kernel gave: values, by the number of their output, and events.
public struct KernelOutputs: Sendable {
  /// One value or event.
  public enum Given: Hashable, Sendable {
    /// A value of an output, at a time in nanoseconds of the samples' epoch.
    ///
    /// `lag` tells which sample it belongs to: 0 the one that was just taken, 1 the one before.
    case value(output: Int, value: Double, nanoseconds: Int64, lag: Int)
    /// A change that deserves an event.
    case event(KernelEvent)
  }

  /// What was given, in its order.
  public private(set) var given: [Given] = []
  /// What is added to the number of an output, for kernels inside kernels.
  var base = 0

  /// Nothing given yet.
  public init() {}

  /// Gives a value; one that is not finite is not given.
  public mutating func give(
    _ output: Int, _ value: Double, at nanoseconds: Int64, lag: Int = 0
  ) {
    guard value.isFinite else { return }
    given.append(
      .value(
        // Zero has one sign, so that text and bits agree.
        output: base + output, value: value == 0 ? 0 : value, nanoseconds: nanoseconds, lag: lag))
  }

  /// Tells that something happened.
  public mutating func tell(_ event: KernelEvent) { given.append(.event(event)) }

  /// Forgets what was given, and keeps the room for it.
  mutating func removeAll() { given.removeAll(keepingCapacity: true) }
}

/// Something that a kernel noticed in a stream.
public struct KernelEvent: Hashable, Sendable {
  /// The stream.
  public let subject: ChannelReference
  /// Whether it began or ended.
  public let isAlarm: Bool
  /// What happened, in words.
  public let reason: String
  /// The value that made it happen.
  public let value: Double
  /// When, in nanoseconds of the samples' epoch.
  public let nanoseconds: Int64
  /// Whether it says that values are bad, rather than that the world is.
  public let isOfQuality: Bool

  /// Something that began or ended.
  public init(
    subject: ChannelReference, isAlarm: Bool, reason: String, value: Double, nanoseconds: Int64,
    isOfQuality: Bool = false
  ) {
    self.subject = subject
    self.isAlarm = isAlarm
    self.reason = reason
    self.value = value
    self.nanoseconds = nanoseconds
    self.isOfQuality = isOfQuality
  }
}
