/// Cuts a stream into windows of one length that begin every slide, and overlap.
///
/// The length is a whole number of slides. Each slide has a pane with a summary, and a window is
/// the merge of its panes. A length of one slide makes windows that touch and never overlap.
///
/// Panes are merged in blocks that are as long as a window and begin at whole multiples of the
/// length: a window is the end of one block and the begin of the next, which are kept merged. So
/// its bits depend on its samples and on where windows are counted from alone, not on when the
/// stream began. Source: M. van Herk, "A fast algorithm for local minimum and maximum filters on
/// rectangular and octagonal kernels", Pattern Recognition Letters 13 (1992), for any merge.
///
/// A window is complete when the time has passed its end; a sample at the end belongs to the next
/// one. Windows without a value are passed over; the first ones began before the first sample. A
/// sample older than the open pane is late: it is counted and left out, since windows it belongs to
/// were given away already. Within a pane the order is as `WindowSummary` says.
///
/// Memory: about 250 bytes times the panes, taken once. A window costs two merges, and each block
/// one for each of its panes at its end, so three on average.
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
  /// The panes of the open block up to the open one; behind that, of the block before, each pane
  /// merged with all that follow it in its block.
  private var panes: [WindowSummary]
  /// The closed panes of the open block.
  private var finished: WindowSummary
  /// The place of the open pane in its block.
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
    finished = WindowSummary(rule)
    panes = Array(repeating: finished, count: Int(length / slide))
  }

  /// Takes a sample; gives the windows that it closes, the oldest first.
  public mutating func accept(_ sample: Sample, closed: (Result) -> Void) {
    advance(to: sample.nanoseconds, closed: closed)
    if start == nil {
      if alignment == .firstSample { origin = sample.nanoseconds }
      let first = floor(sample.nanoseconds)
      open = place(of: first)
      start = first
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
    start = begin
    guard steps == panes.count else { return }
    // All panes are empty after as many steps, and the rest of the time is passed over.
    let next = floor(nanoseconds)
    guard next > begin else { return }
    finished = panes[open].continued()
    open = place(of: next)
    panes[open] = finished
    start = next
  }

  private mutating func close(at end: Int64, _ closed: (Result) -> Void) {
    let following = panes[open].continued()
    if open == 0 {
      finished = panes[0]
    } else if !panes[open].isEmpty {
      finished.merge(panes[open])
    }
    open += 1
    var window = finished
    if open < panes.count {
      window = panes[open]
      window.merge(finished)
    } else {
      turn()
    }
    panes[open] = following
    guard window.count > 0 else { return }
    let (start, underflow) = end.subtractingReportingOverflow(length)
    closed(Result(start: underflow ? .min : start, end: end, summary: window))
  }

  /// Merges the panes of a full block from its end, and begins the next block.
  private mutating func turn() {
    for index in stride(from: panes.count - 2, to: 0, by: -1) {
      panes[index].merge(panes[index + 1])
    }
    open = 0
  }

  /// The place in its block of a pane that begins at a time.
  private func place(of start: Int64) -> Int {
    let count = Int64(panes.count)
    // From the first sample on, exact for any two times; the epoch may lie behind.
    if alignment == .firstSample {
      return Int(UInt64(bitPattern: start &- origin) / UInt64(slide) % UInt64(count))
    }
    let place = (start / slide - (start % slide < 0 ? 1 : 0)) % count
    return Int(place < 0 ? place + count : place)
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
