/// Forecasts a stream with a daily or other season, in constant memory.
///
/// The model is a level, a damped trend and one offset for each slot of the season, added together
/// and smoothed exponentially. What the last value was off decays with the autocorrelation that
/// such residuals are seen to have, and is part of the forecast. Values are the stream's, times in
/// nanoseconds.
///
/// Rules: time is cut into slots that begin at whole multiples of their length since the epoch of
/// the samples; a slot's value is the mean of its samples, however many and however spaced. It is
/// closed when time has passed its end. A slot without samples moves the model on along its trend
/// and teaches it nothing; after a season without samples it rests, without a trend. A sample older
/// than the open slot is late: it is counted and left out. NaN, infinities and values beyond 1e100
/// are passed over. The first season is learned as it comes, so there are no forecasts until a
/// season has passed and half of its slots have had values.
///
/// Besides the season the memory holds the last value of each slot and the forecasts that are
/// still to be judged: as many as the judged horizons are long together.
///
/// Source: P. R. Winters, "Forecasting sales by exponentially weighted moving averages",
/// Management Science 6 (1960); E. S. Gardner, E. McKenzie, "Forecasting trends in time series",
/// Management Science 31 (1985), for the damping; J. W. Taylor, "Short-term electricity demand
/// forecasting using double seasonal exponential smoothing", Journal of the Operational Research
/// Society 54 (2003), for the residuals, whose autocorrelation is estimated here as they come.
public struct HoltWinters: Hashable, Sendable {
  /// A value to come and how far off such forecasts were.
  public struct Forecast: Hashable, Sendable {
    /// The value.
    public let value: Double
    /// The root of the mean square by which values missed such forecasts; nil before any did.
    public let deviation: Double?

    /// The range of so many deviations; 1.96 hold 95 percent where errors are normal.
    public func range(deviations: Double = 1.96) -> ClosedRange<Double>? {
      guard let deviation, deviations >= 0 else { return nil }
      let reach = deviations * deviation
      guard reach.isFinite else { return nil }
      return (value - reach)...(value + reach)
    }
  }

  /// A slot that was closed.
  public struct Step: Hashable, Sendable {
    /// When the slot began, in nanoseconds of the samples' epoch.
    public let start: Int64
    /// The mean of its samples.
    public let value: Double
    /// What was forecast for it one slot before; nil while the season is learned.
    public let forecast: Double?
  }

  /// The length of a slot in nanoseconds.
  public let slotTime: Int64
  /// The number of slots in a season.
  public var seasonLength: Int { model.seasonLength }
  /// How many slots ahead the judged forecasts look, from the nearest on.
  public var horizons: [Int] { records.map(\.horizon) }
  /// How many samples came too late.
  public private(set) var lateSamples: UInt64 = 0
  /// The level without the season; nil while the season is learned.
  public var level: Double? { model.isReady ? model.level : nil }
  /// The change of the level for a slot; nil while the season is learned.
  public var trend: Double? { model.isReady ? model.trend : nil }
  /// The autocorrelation of the residuals over one slot, from 0 to 0.99.
  public var persistence: Double { model.persistence.value }

  private var model: SeasonalModel
  private var lastValues: [Double]
  private var records: [ForecastRecord]
  private var openSlot: Int64?
  private var openSum = 0.0
  private var openCount = 0.0
  /// How many slots were empty since the last value, up to a season.
  private var emptySlots = 0

  /// A model of slots of a length in nanoseconds, so many to a season.
  ///
  /// A day has 24 slots of an hour or 288 of 5 minutes. Errors are kept for forecasts of 1 slot, a
  /// quarter of a season and a season ahead unless other horizons are named, which are from 1 to a
  /// season. They are means over the last so many slots, two seasons at least; 28 seasons by
  /// default. Nil where a length is below 1, the season is not of 2 to 100,000 slots, a horizon
  /// is out of range or the smoothing does not suit the season.
  public init?(
    slotTime: Int64, seasonLength: Int, smoothing: SeasonalSmoothing = .standard,
    horizons: [Int]? = nil, errorMemory: Int? = nil
  ) {
    guard slotTime > 0,
      let model = SeasonalModel(seasonLength: seasonLength, smoothing: smoothing)
    else { return nil }
    let judged = Set(horizons ?? [1, max(1, seasonLength / 4), seasonLength]).sorted()
    guard let nearest = judged.first, let farthest = judged.last, nearest >= 1,
      farthest <= seasonLength
    else { return nil }
    let memory = max(2 * seasonLength, errorMemory ?? 28 * seasonLength)
    self.slotTime = slotTime
    self.model = model
    lastValues = Array(repeating: .nan, count: seasonLength)
    records = judged.map { ForecastRecord(horizon: $0, memory: Double(memory)) }
  }

  /// Takes a sample; gives the slot that it closes, where that had values.
  public mutating func accept(_ sample: Sample) -> Step? {
    let step = advance(to: sample.nanoseconds)
    guard sample.value.magnitude <= 1e100 else { return step }
    let slot = slot(of: sample.nanoseconds)
    if openSlot == nil { openSlot = slot }
    if let openSlot, slot < openSlot {
      lateSamples &+= 1
    } else {
      openSum += sample.value
      openCount += 1
    }
    return step
  }

  /// Says that time has come so far; gives the slot that it closes, where that had values.
  public mutating func advance(to nanoseconds: Int64) -> Step? {
    let slot = slot(of: nanoseconds)
    guard let open = openSlot, slot > open else { return nil }
    var step: Step?
    if openCount > 0 {
      step = close(open, openSum / openCount)
      (openSum, openCount) = (0, 0)
    } else {
      pass(open)
    }
    var next = open + 1
    let season = Int64(seasonLength)
    let (left, isFar) = slot.subtractingReportingOverflow(next)
    if isFar || left > 2 * season {
      for empty in next..<(next + season) { pass(empty) }
      // A model at rest stays as it is, and the slots of the last season overwrite all that is kept.
      next = slot - season
    }
    for empty in next..<slot { pass(empty) }
    openSlot = slot
    return step
  }

  /// When the open slot ends, in nanoseconds; nil before the first value.
  public var openSlotEnd: Int64? {
    guard let openSlot, openSlot < Int64.max else { return nil }
    let (end, overflow) = (openSlot + 1).multipliedReportingOverflow(by: slotTime)
    return overflow ? nil : end
  }

  /// The value so many slots after the last closed one; nil beyond a season or without its slot.
  ///
  /// Its deviation is that of the nearest judged horizon that looks at least as far, else of the
  /// farthest.
  public func forecast(_ slotsAhead: Int) -> Forecast? {
    guard let openSlot, slotsAhead >= 1, slotsAhead <= seasonLength else { return nil }
    let value = model.forecast(after: openSlot &- 1, slotsAhead)
    guard !value.isNaN else { return nil }
    let record = records.first { $0.horizon >= slotsAhead } ?? records.last
    return Forecast(value: value, deviation: record?.deviation)
  }

  /// The mean absolute error of forecasts of a judged horizon; nil before any was judged.
  public func meanAbsoluteError(horizon: Int) -> Double? {
    records.first { $0.horizon == horizon }?.meanAbsoluteError
  }

  /// That error over the error of taking the value of a season ago; below 1 the model is better.
  ///
  /// Both are means over the same slots. Nil before any was judged.
  ///
  /// Source: R. J. Hyndman, A. B. Koehler, "Another look at measures of forecast accuracy",
  /// International Journal of Forecasting 22 (2006).
  public func meanAbsoluteScaledError(horizon: Int) -> Double? {
    records.first { $0.horizon == horizon }?.meanAbsoluteScaledError
  }

  private mutating func close(_ slot: Int64, _ value: Double) -> Step {
    let place = model.place(of: slot)
    let forecast = model.forecast(after: slot &- 1, 1)
    for index in records.indices {
      records[index].judge(slot: slot, value: value, naive: lastValues[place])
    }
    model.learn(value, slot: slot)
    emptySlots = 0
    lastValues[place] = value
    record(slot)
    // The first slot of all may begin before the least integer.
    let (start, isBefore) = slot.multipliedReportingOverflow(by: slotTime)
    return Step(
      start: isBefore ? Int64.min : start, value: value, forecast: forecast.isNaN ? nil : forecast)
  }

  /// The same whether time is told slot by slot or at once.
  private mutating func pass(_ slot: Int64) {
    if emptySlots < seasonLength {
      emptySlots += 1
      model.pass()
    } else {
      model.rest()
    }
    record(slot)
  }

  private mutating func record(_ slot: Int64) {
    for index in records.indices {
      records[index].keep(slot: slot, model.forecast(after: slot, records[index].horizon))
    }
  }

  private func slot(of nanoseconds: Int64) -> Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: slotTime)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
