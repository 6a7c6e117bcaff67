/// Frequency from the times of zero crossings, per window.
///
/// N edges in a row that span a time dt give (N - 1) / (edges per cycle x dt): whole cycles over
/// their duration, as IEC 61000-4-30 clause 5.1 has it for 10 s. Windows begin at whole multiples
/// of their length since the epoch. An edge too early after the last one is a bounce and is left
/// out; one too late, or before the last one, breaks the row: the window then gives the cycles of
/// all its rows over the time that those took together, and says so.
public struct ZeroCrossingFrequency: Hashable, Sendable {
  /// The frequency of a window.
  public struct Result: Hashable, Sendable {
    /// When the window began, in nanoseconds of the stamps' epoch.
    public let start: Int64
    /// When it ended, exclusive.
    public let end: Int64
    /// The frequency in hertz.
    public let frequency: Double
    /// How far the errors of the edges can move the frequency, in hertz.
    ///
    /// With the jitter that was told, at most; the error of the clock itself is not in it.
    public let errorBound: Double
    /// The whole number of edge intervals that it rests on.
    public let intervals: Int
    /// The nanoseconds that those took.
    public let measured: Int64
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
  /// How far an edge may be from its place beyond jitter and its own error, in nanoseconds.
  var edgeError = 0.0
  private let shortest: Int64
  private let longest: Int64
  private var open: Int64?
  // The first and the last measured edge of the row, with their errors, and the last one of all.
  private var first: Edge?
  private var measured = Edge()
  private var last: Int64?
  // Edge intervals from the first one on, and those of them up to the last measured one.
  private var edges = 0
  private var intervals = 0
  private var isBroken = true
  private var closed = Rows()

  private struct Edge: Hashable, Sendable {
    var time: Int64 = 0
    var error = 0.0
  }

  /// What the rows before the open one add up to.
  private struct Rows: Hashable, Sendable {
    var intervals = 0
    var span = 0.0
    var errors = 0.0
    var count = 0
  }

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
    accept(edge: edge, isMeasured: true, error: 0)
  }

  /// Takes an edge whose time is only expected where it is not measured: it counts, but no
  /// frequency begins or ends with it.
  ///
  /// `error` is how far the edge's own time may be wrong, in nanoseconds.
  mutating func accept(edge: Int64, isMeasured: Bool, error: Double) -> Result? {
    guard let last else {
      let closed = leave(for: edge)
      begin(edge, isMeasured, error)
      return closed
    }
    let step = GridTime.span(from: last, to: edge)
    if step < shortest, step > -GridTime.second {
      leftOut &+= 1
      return nil
    }
    if step < 0 { closeRow() }
    let closed = leave(for: edge)
    if step > longest || step < 0 {
      breaks &+= 1
      isBroken = true
      closeRow()
      begin(edge, isMeasured, error)
      return closed
    }
    // The interval that crosses a window's end belongs to the next window, whole.
    self.last = edge
    open = GridTime.tick(edge, window)
    guard first != nil else {
      if isMeasured { begin(edge, isMeasured, error) }
      return closed
    }
    edges += 1
    if isMeasured {
      intervals = edges
      measured = Edge(time: edge, error: error)
    }
    return closed
  }

  /// Says that time has come so far; gives the window that it closes.
  public mutating func advance(to nanoseconds: Int64) -> Result? {
    guard let open, GridTime.span(from: open, to: nanoseconds) >= window else { return nil }
    let end = GridTime.time(open, plus: window)
    let isWhole = !isBroken && last != nil && GridTime.span(from: measured.time, to: end) <= longest
    let result = result(from: open, to: end, isWhole)
    closed = Rows()
    self.open = GridTime.tick(nanoseconds, window)
    isBroken = last.map { GridTime.span(from: $0, to: nanoseconds) > longest } ?? true
    edges -= intervals
    intervals = 0
    if first != nil { first = measured }
    return result
  }

  /// Gives what the open window has so far, and closes it.
  public mutating func flush() -> Result? {
    guard let open else { return nil }
    let until = GridTime.time(max(measured.time, open), plus: 1)
    interrupt()
    let end = min(GridTime.time(open, plus: window), until)
    let result = result(from: open, to: end, false)
    closed = Rows()
    self.open = nil
    return result
  }

  /// Breaks the row of edges: what comes next is not joined to what was.
  public mutating func interrupt() {
    guard last != nil else { return }
    breaks &+= 1
    isBroken = true
    closeRow()
    last = nil
    first = nil
    (edges, intervals) = (0, 0)
  }

  /// Closes the open window where an edge lies in another one.
  private mutating func leave(for edge: Int64) -> Result? {
    guard let open, edge < open else { return advance(to: edge) }
    // The clock was set back: the window gets no more than it has.
    let result = result(from: open, to: GridTime.time(open, plus: window), false)
    closed = Rows()
    self.open = nil
    return result
  }

  private func result(from start: Int64, to end: Int64, _ isWhole: Bool) -> Result? {
    var rows = closed
    add(to: &rows)
    guard rows.intervals > 0, rows.span > 0 else { return nil }
    let frequency = Double(rows.intervals) * 1e9 / (Double(edgesPerCycle) * rows.span)
    let errors = 2 * Double(rows.count) * (Double(jitter) + edgeError) + rows.errors
    return Result(
      start: start, end: end, frequency: frequency, errorBound: frequency * errors / rows.span,
      intervals: rows.intervals, measured: Int64(min(rows.span, 9e18)), isComplete: isWhole)
  }

  /// Adds what the open row has measured in the window.
  private func add(to rows: inout Rows) {
    guard let first, intervals > 0 else { return }
    rows.intervals += intervals
    rows.span += Double(GridTime.span(from: first.time, to: measured.time))
    rows.errors += first.error + measured.error
    rows.count += 1
  }

  private mutating func closeRow() {
    add(to: &closed)
    intervals = 0
  }

  private mutating func begin(_ edge: Int64, _ isMeasured: Bool, _ error: Double) {
    first = isMeasured ? Edge(time: edge, error: error) : nil
    measured = Edge(time: edge, error: error)
    last = edge
    (edges, intervals) = (0, 0)
    let tick = GridTime.tick(edge, window)
    if open == nil { isBroken = GridTime.span(from: tick, to: edge) > longest }
    open = tick
  }
}
