/// Level, damped trend, season and the residual of the last value.
struct SeasonalModel: Hashable, Sendable {
  /// Whether a first season was learned.
  private(set) var isReady = false
  private(set) var level = 0.0
  private(set) var trend = 0.0
  /// The autocorrelation of the residuals.
  private(set) var persistence: Autocorrelation

  private let levelPart: Double
  private let trendPart: Double
  private let seasonPart: Double
  private let damping: Double
  /// The season, or the values of the first one; NaN where there was none yet.
  private var offsets: [Double]
  private var residual = 0.0
  private var firstSlot: Int64?
  private var learned = 0

  /// A model of a season; nil where it is not of 2 to 100,000 slots or the level takes all.
  init?(seasonLength: Int, smoothing: SeasonalSmoothing) {
    guard seasonLength >= 2, seasonLength <= 100_000 else { return nil }
    let length = Double(seasonLength)
    levelPart = smoothing.level / length
    trendPart = levelPart * smoothing.trend / length
    seasonPart = smoothing.season
    damping = Elementary.pow(smoothing.damping, 1 / length)
    guard levelPart + seasonPart <= 1 else { return nil }
    offsets = Array(repeating: .nan, count: seasonLength)
    persistence = Autocorrelation(memory: 14 * length)
  }

  var seasonLength: Int { offsets.count }

  /// The forecast from a slot; NaN where there is no season yet or its slot had no value.
  func forecast(after slot: Int64, _ ahead: Int) -> Double {
    guard isReady else { return .nan }
    let offset = offsets[place(of: slot &+ Int64(ahead))]
    let steps =
      damping < 1
      ? damping * (1 - Self.power(damping, ahead)) / (1 - damping) : Double(ahead)
    return level + trend * steps + offset + residual * Self.power(persistence.value, ahead)
  }

  /// Learns the value of a slot.
  mutating func learn(_ value: Double, slot: Int64) {
    let place = place(of: slot)
    guard isReady else {
      offsets[place] = value
      endFirstSeason(at: slot)
      return
    }
    advance()
    guard !offsets[place].isNaN else {
      // The slot of the season had no value yet.
      offsets[place] = value - level
      return
    }
    let error = value - (level + offsets[place])
    persistence.accept(error)
    residual = error
    level += levelPart * error
    trend += trendPart * error
    // As a mean at first, so that the first season's chances are soon forgotten.
    if learned < .max { learned += 1 }
    let mean = 1 / Double(2 + learned / seasonLength)
    offsets[place] += min(1 - levelPart, max(seasonPart, mean)) * error
    if learned % seasonLength == 0 { center() }
  }

  /// Moves on over a slot without values.
  mutating func pass() {
    guard isReady else { return }
    advance()
    persistence.skip()
  }

  /// Stops the level where it is.
  mutating func rest() {
    (trend, residual) = (0, 0)
    persistence.skip()
  }

  /// The place of a slot in the season.
  func place(of slot: Int64) -> Int {
    let remainder = Int(slot % Int64(seasonLength))
    return remainder < 0 ? remainder + seasonLength : remainder
  }

  private mutating func advance() {
    trend *= damping
    level += trend
    residual *= persistence.value
  }

  /// Takes the values of a whole season as its level and offsets.
  private mutating func endFirstSeason(at slot: Int64) {
    guard let first = firstSlot else {
      firstSlot = slot
      return
    }
    let (passed, isFar) = slot.subtractingReportingOverflow(first)
    guard isFar || passed >= Int64(seasonLength) - 1 else { return }
    let count = offsets.count { !$0.isNaN }
    guard count * 2 >= seasonLength else { return }
    isReady = true
    center()
  }

  /// Moves the mean of the season into the level, which changes no forecast.
  private mutating func center() {
    var (sum, count) = (0.0, 0.0)
    for offset in offsets where !offset.isNaN {
      sum += offset
      count += 1
    }
    let mean = sum / count
    level += mean
    for index in offsets.indices { offsets[index] -= mean }
  }

  /// A number from 0 to 1 raised to a whole power.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}

/// The correlation of values with those before them, with an exponential memory.
struct Autocorrelation: Hashable, Sendable {
  /// The correlation, from 0 to 0.99.
  private(set) var value = 0.0
  private let memory: Double
  private var square = 0.0
  private var product = 0.0
  private var count = 0.0
  private var last = Double.nan

  /// A correlation over so many values.
  init(memory: Double) {
    self.memory = memory
  }

  /// Takes the next value.
  mutating func accept(_ sample: Double) {
    defer { last = sample }
    guard !last.isNaN else { return }
    if count < memory { count += 1 }
    square += (sample * sample - square) / count
    product += (sample * last - product) / count
    value = square > 0 ? max(0, min(0.99, product / square)) : 0
  }

  /// Says that a value is missing.
  mutating func skip() { last = .nan }
}
