/// Cuts a stream into windows of one length that begin every slide, and overlap.
///
/// The length is a whole number of slides. Each slide has a pane with a summary, and a window is
/// the merge of its panes from the oldest to the newest, so that its bits depend on its samples
/// alone. A length of one slide makes windows that touch and never overlap.
///
/// A window is complete when the time has passed its end; a sample at the end belongs to the next
/// one. Windows without a value are passed over; the first ones began before the first sample. A
/// sample older than the open pane is late: it is counted and left out, since windows it belongs to
/// were given away already. Within a pane the order is as `WindowSummary` says.
///
/// Memory: about 250 bytes times the panes, taken once. A window costs a merge for each
/// pane, so a slide should have several samples.
public struct SlidingWindow: Hashable, Sendable {
  /// The most panes that a window may have.
  public static let maximumPanes: Int64 = 1440

  /// A complete window.
  public struct Result: Hashable, Sendable {
    /// When the window began, in nanoseconds of the samples' epoch.
    public let start: Int64
    /// When it ended, exclusive.
    public let end: Int64
    /// The summary of the samples in it.
    public let summary: WindowSummary
  }

  /// The length of a window in nanoseconds.
  public let length: Int64
  /// The time from the start of a window to that of the next, in nanoseconds.
  public let slide: Int64
  /// From where windows are counted.
  public let alignment: WindowAlignment
  /// How many samples came too late.
  public private(set) var lateSamples: UInt64 = 0
  private var panes: [WindowSummary]
  private var open = 0
  private var start: Int64?
  private var origin: Int64 = 0

  /// Windows of a length that begin every slide, both in nanoseconds.
  ///
  /// Nil where the slide is not over 0 or the length not 1 to 1,440 slides.
  public init?(
    length: Int64, slide: Int64, alignment: WindowAlignment = .epoch,
    rule: WindowSummary.Rule = WindowSummary.Rule()
  ) {
    guard slide > 0, length % slide == 0, (1...Self.maximumPanes).contains(length / slide)
    else { return nil }
    self.length = length
    self.slide = slide
    self.alignment = alignment
    panes = Array(repeating: WindowSummary(rule), count: Int(length / slide))
  }

  /// Takes a sample; gives the windows that it closes, the oldest first.
  public mutating func accept(_ sample: Sample, closed: (Result) -> Void) {
    advance(to: sample.nanoseconds, closed: closed)
    if start == nil {
      if alignment == .firstSample { origin = sample.nanoseconds }
      start = floor(sample.nanoseconds)
    }
    if let start, sample.nanoseconds < start {
      lateSamples += 1
    } else {
      panes[open].accept(sample)
    }
  }

  /// Says that time has come so far; gives the windows that have ended, the oldest first.
  public mutating func advance(to nanoseconds: Int64, closed: (Result) -> Void) {
    guard var begin = start else { return }
    var steps = 0
    while steps < panes.count {
      let (end, overflow) = begin.addingReportingOverflow(slide)
      guard !overflow, nanoseconds >= end else { break }
      close(at: end, closed)
      begin = end
      steps += 1
    }
    // All panes are empty after as many steps, and the rest of the time is passed over.
    start = steps == panes.count ? max(begin, floor(nanoseconds)) : begin
  }

  private mutating func close(at end: Int64, _ closed: (Result) -> Void) {
    let next = open + 1 == panes.count ? 0 : open + 1
    var window = panes[next]
    var index = next
    while index != open {
      index = index + 1 == panes.count ? 0 : index + 1
      if !panes[index].isEmpty { window.merge(panes[index]) }
    }
    let following = panes[open].continued()
    open = next
    panes[open] = following
    guard window.count > 0 else { return }
    let (start, underflow) = end.subtractingReportingOverflow(length)
    closed(Result(start: underflow ? .min : start, end: end, summary: window))
  }

  /// The start of the pane of a time.
  private func floor(_ nanoseconds: Int64) -> Int64 {
    // The remainders of both, each within one slide, keep the difference within range.
    let difference = remainder(nanoseconds) - remainder(origin)
    let positive = difference < 0 ? difference + slide : difference
    let (floor, overflow) = nanoseconds.subtractingReportingOverflow(positive)
    return overflow ? .min : floor
  }

  private func remainder(_ nanoseconds: Int64) -> Int64 {
    let remainder = nanoseconds % slide
    return remainder < 0 ? remainder + slide : remainder
  }
}
