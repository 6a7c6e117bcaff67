/// Joins blocks to 3 s, 10 min and 2 h values: the root of the mean of the squares.
///
/// 15 blocks in a row make the 150/180-cycle value. Blocks that begin in the same 10 min of the
/// epoch make the 10 min value, and the 10 min values of the same 2 h the 2 h value. An aggregate
/// is flagged when a part of it is, or when parts are missing. Source: IEC 61000-4-30 clauses 4.5
/// to 4.7; unlike class A a block is not begun anew at the 10 min tick, but belongs to the interval
/// that it began in. The stamps have to count from a whole 2 h of UTC for ticks of UTC.
///
/// A block that begins before the last one ended is late, left out and counted, unless it is more
/// than 10 min early: then the clock was set, and all begins anew. A value that is no number, or
/// negative, is left out and flags what it would have entered.
public struct RMSAggregates: Hashable, Sendable {
  /// A value over an interval.
  public struct Aggregate: Hashable, Sendable {
    /// The begin in nanoseconds.
    public let start: Int64
    /// The end in nanoseconds.
    public let end: Int64
    /// The root of the mean of the squares, in the unit of the blocks.
    public let rms: Double
    /// How many parts it has: blocks, or 10 min values in 2 h.
    public let parts: Int
    /// Whether a part overlaps an event or is missing.
    public let isFlagged: Bool
  }

  /// What a block completed.
  public struct Update: Hashable, Sendable {
    /// The 150/180-cycle value, about 3 s.
    public internal(set) var threeSeconds: Aggregate?
    /// The 10 min value.
    public internal(set) var tenMinutes: Aggregate?
    /// The 2 h value.
    public internal(set) var twoHours: Aggregate?
  }

  private struct Sum: Hashable, Sendable {
    var start: Int64 = 0
    var squares = 0.0
    var parts = 0
    var isFlagged = false

    mutating func add(_ value: Double, flagged: Bool) {
      squares += value * value
      parts += 1
      isFlagged = isFlagged || flagged
    }

    func aggregate(to end: Int64, _ isWhole: Bool) -> Aggregate? {
      guard parts > 0 else { return nil }
      return Aggregate(
        start: start, end: end, rms: (squares / Double(parts)).squareRoot(), parts: parts,
        isFlagged: isFlagged || !isWhole)
    }
  }

  /// How many blocks were left out.
  public private(set) var leftOut: UInt64 = 0
  private var three = Sum()
  private var ten = Sum()
  private var two = Sum()
  private var last: Int64?
  private var interval: Int64?
  private var period: Int64 = 0
  /// Up to where the open 10 min are covered without a gap.
  private var isCovered = false
  private static let tenMinutes: Int64 = 600_000_000_000
  private static let twoHours: Int64 = 7_200_000_000_000
  /// More than this between two blocks is a gap.
  private static let slack: Int64 = 1_000_000

  /// Aggregates of no block yet.
  public init() {}

  /// Takes a block of the analyser; gives what it completes.
  public mutating func accept(_ block: MainsBlock) -> Update {
    accept(start: block.start, end: block.end, rms: block.rms, isFlagged: block.isFlagged)
  }

  /// Takes an RMS over an interval of at most 10 min in nanoseconds; gives what it completes.
  ///
  /// A meter that has no 10/12-cycle blocks gives what it has; 15 of them are the shortest value.
  public mutating func accept(
    start: Int64, end: Int64, rms: Double, isFlagged: Bool = false
  ) -> Update {
    var update = Update()
    let length = GridTime.span(from: start, to: end)
    guard length > 0, length <= Self.tenMinutes else {
      leftOut &+= 1
      return update
    }
    if let last {
      let step = GridTime.span(from: last, to: start)
      if step < -Self.slack {
        guard step < -Self.tenMinutes else {
          leftOut &+= 1
          return update
        }
        (three, ten, two, interval) = (Sum(), Sum(), Sum(), nil)
      } else if step > Self.slack {
        three = Sum()
        isCovered = false
      }
    }
    close(at: start, length, &update)
    last = end
    guard rms >= 0, rms < 1e150 else {
      leftOut &+= 1
      three = Sum()
      isCovered = false
      return update
    }
    if three.parts == 0 { three.start = start }
    three.add(rms, flagged: isFlagged)
    if three.parts == 15 {
      update.threeSeconds = three.aggregate(to: end, true)
      three = Sum()
    }
    ten.add(rms, flagged: isFlagged)
    return update
  }

  /// Closes the 10 min and the 2 h that end at or before a time.
  private mutating func close(at start: Int64, _ length: Int64, _ update: inout Update) {
    let tick = GridTime.tick(start, Self.tenMinutes)
    guard tick != interval else { return }
    if let interval {
      let end = GridTime.time(interval, plus: Self.tenMinutes)
      update.tenMinutes = ten.aggregate(to: end, isCovered && tick == end)
      if let value = update.tenMinutes { two.add(value.rms, flagged: value.isFlagged) }
      let next = GridTime.tick(tick, Self.twoHours)
      if next != period {
        two.start = period
        update.twoHours = two.aggregate(
          to: GridTime.time(period, plus: Self.twoHours), two.parts == 12)
        two = Sum()
      }
    }
    period = GridTime.tick(tick, Self.twoHours)
    // The first block may reach into the interval by as much as it is long.
    let isTouching = last.map { GridTime.span(from: $0, to: start) <= Self.slack } ?? false
    isCovered = isTouching || GridTime.span(from: tick, to: start) < length
    interval = tick
    ten = Sum()
    ten.start = tick
  }
}
