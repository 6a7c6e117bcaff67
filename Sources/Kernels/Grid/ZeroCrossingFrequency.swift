/// Frequency from the times of zero crossings, per window.
///
/// N edges in a row that span a time dt give (N - 1) / (edges per cycle x dt): whole cycles over
/// their duration, as IEC 61000-4-30 clause 5.1 has it for 10 s. Windows begin at whole multiples
/// of their length since the epoch. An edge too early after the last one is a bounce and is left
/// out; one too late, or before the last one, breaks the row: the window then gives what follows
/// the break, and says so.
public struct ZeroCrossingFrequency: Hashable, Sendable {
  /// The frequency of a window.
  public struct Result: Hashable, Sendable {
    /// When the window began, in nanoseconds of the stamps' epoch.
    public let start: Int64
    /// When it ended, exclusive.
    public let end: Int64
    /// The frequency in hertz.
    public let frequency: Double
    /// How far the stamps' jitter can move the frequency at most, in hertz.
    public let errorBound: Double
    /// The whole number of edge intervals that it rests on.
    public let intervals: Int
    /// Whether the row of edges reaches through the window without a break.
    public let isComplete: Bool
  }

  /// The length of a window in nanoseconds.
  public let window: Int64
  /// How many edges a cycle has: 1 or 2.
  public let edgesPerCycle: Int
  /// The largest error of a stamp in nanoseconds.
  public let jitter: Int64
  /// How many edges were left out as bounces or for coming from the past.
  public private(set) var leftOut: UInt64 = 0
  /// How many times the row of edges was broken.
  public private(set) var breaks: UInt64 = 0
  private let shortest: Int64
  private let longest: Int64
  private var open: Int64?
  // The first and the last measured edge of the row, and the last one of all.
  private var first: Int64?
  private var measured: Int64 = 0
  private var last: Int64?
  // Edge intervals from the first one on, and those of them up to the last measured one.
  private var edges = 0
  private var intervals = 0
  private var isBroken = true

  /// Windows of a length in nanoseconds; nil where an option is out of its range.
  ///
  /// `edgesPerCycle` is 2 for a detector that sees both directions and 1 for rising edges only.
  /// With a detector whose two directions are not evenly spaced take one direction only. `jitter`
  /// is the largest error of a stamp in nanoseconds; frequencies outside `range` in hertz are held
  /// for bounces or missing edges.
  public init?(
    window: Int64 = 10_000_000_000, edgesPerCycle: Int = 2, jitter: Int64 = 0,
    range: ClosedRange<Double> = 40...70
  ) {
    guard window > 0, 1...2 ~= edgesPerCycle, 0...1_000_000_000 ~= jitter,
      range.lowerBound >= 0.1, range.upperBound <= 100_000
    else { return nil }
    self.window = window
    self.edgesPerCycle = edgesPerCycle
    self.jitter = jitter
    // Two stamps may both be wrong by the jitter.
    shortest = max(1, Int64(1e9 / range.upperBound / Double(edgesPerCycle)) - 2 * jitter)
    longest = Int64(1e9 / range.lowerBound / Double(edgesPerCycle)) + 2 * jitter
  }

  /// Takes the time of an edge in nanoseconds; gives the window that it closes.
  public mutating func accept(edge: Int64) -> Result? {
    accept(edge: edge, isMeasured: true)
  }

  /// Takes an edge whose time is only expected where it is not measured: it counts, but no
  /// frequency begins or ends with it.
  mutating func accept(edge: Int64, isMeasured: Bool) -> Result? {
    guard let last else {
      begin(edge, isMeasured)
      return nil
    }
    let step = GridTime.span(from: last, to: edge)
    if step < shortest, step > -GridTime.second {
      leftOut &+= 1
      return nil
    }
    let closed = step > 0 ? advance(to: edge) : nil
    if step > longest || step < 0 {
      breaks &+= 1
      isBroken = true
      begin(edge, isMeasured)
      return closed
    }
    // The interval that crosses a window's end belongs to the next window, whole.
    self.last = edge
    open = GridTime.tick(edge, window)
    guard first != nil else {
      if isMeasured { begin(edge, isMeasured) }
      return closed
    }
    edges += 1
    if isMeasured {
      intervals = edges
      measured = edge
    }
    return closed
  }

  /// Says that time has come so far; gives the window that it closes.
  public mutating func advance(to nanoseconds: Int64) -> Result? {
    guard let open, GridTime.span(from: open, to: nanoseconds) >= window else { return nil }
    let end = GridTime.time(open, plus: window)
    var result: Result?
    let span = GridTime.span(from: first ?? measured, to: measured)
    if last != nil, intervals > 0, span > 0 {
      let frequency = Double(intervals) * 1e9 / (Double(edgesPerCycle) * Double(span))
      result = Result(
        start: open, end: end, frequency: frequency,
        errorBound: frequency * 2 * Double(jitter) / Double(span), intervals: intervals,
        isComplete: !isBroken && GridTime.span(from: measured, to: end) <= longest)
    }
    self.open = GridTime.tick(nanoseconds, window)
    isBroken = last.map { GridTime.span(from: $0, to: nanoseconds) > longest } ?? true
    edges -= intervals
    intervals = 0
    if first != nil { first = measured }
    return result
  }

  /// Gives what the open window has so far, and closes it.
  public mutating func flush() -> Result? {
    guard let open, last != nil else { return nil }
    let until = GridTime.time(measured, plus: 1)
    var result = advance(to: GridTime.time(open, plus: window))
    if let whole = result {
      result = Result(
        start: whole.start, end: min(whole.end, until),
        frequency: whole.frequency, errorBound: whole.errorBound, intervals: whole.intervals,
        isComplete: false)
    }
    interrupt()
    return result
  }

  /// Breaks the row of edges: what comes next is not joined to what was.
  public mutating func interrupt() {
    guard last != nil else { return }
    breaks &+= 1
    isBroken = true
    last = nil
    first = nil
    (edges, intervals) = (0, 0)
  }

  private mutating func begin(_ edge: Int64, _ isMeasured: Bool) {
    first = isMeasured ? edge : nil
    measured = edge
    last = edge
    (edges, intervals) = (0, 0)
    let tick = GridTime.tick(edge, window)
    if open == nil { isBroken = GridTime.span(from: tick, to: edge) > longest }
    open = tick
  }
}
