import Kernels
import Testing

private let hour: Int64 = 3_600_000_000_000

/// Demand by the hour: a day with two peaks, a level that grows, and noise of a known deviation.
private struct Demand {
  private var generator = SplitMix(state: 21)
  var growth = 0.0
  var noise = 0.0

  init(growth: Double = 0, noise: Double = 0) {
    self.growth = growth
    self.noise = noise
  }

  /// The sum of twelve uniform numbers is nearly normal, of variance 1.
  mutating func normal() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
  }

  static func day(_ hour: Int64) -> Double {
    let angle = Double(hour % 24) / 24 * 2 * Double.pi
    return -30 * Elementary.cos(angle) - 18 * Elementary.cos(2 * angle + 1)
  }

  mutating func value(_ hour: Int64) -> Double {
    200 + growth * Double(hour) + Self.day(hour) + noise * normal()
  }
}

private func trained(
  _ hours: Int64, growth: Double = 0, noise: Double = 0,
  smoothing: SeasonalSmoothing = .standard
) throws -> HoltWinters {
  var model = try #require(HoltWinters(slotTime: hour, seasonLength: 24, smoothing: smoothing))
  var demand = Demand(growth: growth, noise: noise)
  for index in 0..<hours {
    _ = model.accept(Sample(nanoseconds: index * hour, value: demand.value(index)))
  }
  return model
}

@Suite struct HoltWintersTests {
  @Test func `a season without noise is forecast as it is`() throws {
    let model = try trained(24 * 3 + 1)
    for ahead in 1...24 {
      let forecast = try #require(model.forecast(ahead))
      let expected = 200 + Demand.day(Int64(72 + ahead - 1))
      #expect(abs(forecast.value - expected) < 1e-9)
      #expect(forecast.deviation.map { $0 < 1e-9 } == true)
    }
    #expect(model.forecast(0) == nil && model.forecast(25) == nil && model.forecast(-1) == nil)
    #expect(model.level.map { abs($0 - 200) < 1e-9 } == true)
  }

  @Test func `noise is averaged, so that forecasts beat those of a season ago`() throws {
    let model = try trained(24 * 120, noise: 5)
    for horizon in model.horizons {
      let scaled = try #require(model.meanAbsoluteScaledError(horizon: horizon))
      // Independent noise: the last season has twice its variance, a perfect model half of that.
      #expect(scaled > 0.68 && scaled < 0.78, "\(horizon): \(scaled)")
      let error = try #require(model.meanAbsoluteError(horizon: horizon))
      #expect(error > 3.9 && error < 4.5)
    }
    #expect(model.horizons == [1, 6, 24] && model.persistence < 0.2)
  }

  @Test func `noise with a memory is forecast for the next slots`() throws {
    var model = try #require(HoltWinters(slotTime: hour, seasonLength: 24))
    var demand = Demand()
    var drift = 0.0
    for index in 0..<Int64(24 * 200) {
      drift = 0.9 * drift + demand.normal()
      _ = model.accept(Sample(nanoseconds: index * hour, value: demand.value(index) + drift))
    }
    #expect(model.persistence > 0.75 && model.persistence < 0.95)
    let near = try #require(model.meanAbsoluteError(horizon: 1))
    let far = try #require(model.meanAbsoluteError(horizon: 24))
    // The mean of normal noise of variance 1 without its sign is 0.798.
    #expect(near > 0.79 && near < 0.9)
    #expect(far > 1.7 && far < 2.1)
    for horizon in model.horizons {
      #expect(model.meanAbsoluteScaledError(horizon: horizon).map { $0 < 1 } == true)
    }
  }

  @Test func `growth is followed when the trend is let to`() throws {
    let lively = try #require(SeasonalSmoothing(level: 4, trend: 1, season: 0.1, damping: 1))
    let model = try trained(24 * 150, growth: 0.5, smoothing: lively)
    #expect(model.trend.map { abs($0 - 0.5) < 0.01 } == true)
    let forecast = try #require(model.forecast(24))
    let expected = 200 + 0.5 * Double(24 * 150 + 22) + Demand.day(22)
    #expect(abs(forecast.value - expected) < 0.5)
    #expect(model.meanAbsoluteScaledError(horizon: 24).map { $0 < 0.3 } == true)
  }

  @Test func `ranges hold about as many values as they say`() throws {
    var model = try #require(HoltWinters(slotTime: hour, seasonLength: 24))
    var demand = Demand(noise: 7)
    var (inside, all) = ([0.0, 0, 0], 0.0)
    var pending: [Int64: [(Int, ClosedRange<Double>)]] = [:]
    for index in 0..<Int64(24 * 300) {
      let value = demand.value(index)
      _ = model.accept(Sample(nanoseconds: index * hour, value: value))
      for (place, range) in pending.removeValue(forKey: index) ?? [] where range.contains(value) {
        inside[place] += 1
      }
      guard index > 24 * 30, index < 24 * 298 else { continue }
      all += 1
      // The open slot is this hour, so the next one is two slots after the last closed one.
      for (place, horizon) in [2, 6, 24].enumerated() {
        guard let range = model.forecast(horizon)?.range() else { continue }
        pending[index + Int64(horizon) - 1, default: []].append((place, range))
      }
    }
    for count in inside { #expect(count / all > 0.935 && count / all < 0.965) }
  }

  @Test func `slots without samples teach nothing and are not judged`() throws {
    var whole = try #require(HoltWinters(slotTime: hour, seasonLength: 24))
    var holed = whole
    var demand = Demand()
    for index in 0..<Int64(24 * 20) {
      let sample = Sample(nanoseconds: index * hour, value: demand.value(index))
      _ = whole.accept(sample)
      if index < 24 || index % 7 != 3 { _ = holed.accept(sample) }
    }
    let end = 24 * 20 * hour
    _ = whole.advance(to: end)
    _ = holed.advance(to: end)
    for ahead in 1...24 {
      let (one, other) = (try #require(whole.forecast(ahead)), try #require(holed.forecast(ahead)))
      #expect(abs(one.value - other.value) < 1e-9)
    }
  }

  @Test func `a gap of days leaves the season in place`() throws {
    var model = try trained(24 * 20, growth: 0.05, noise: 1)
    let before = try #require(model.forecast(7))
    let resumed: Int64 = 24 * 45 + 5
    let step = model.accept(Sample(nanoseconds: resumed * hour, value: 250))
    #expect(step?.start == (24 * 20 - 1) * hour)
    let forecast = try #require(model.forecast(1))
    #expect(abs(forecast.value - before.value) < 3)
    #expect(model.trend == 0 && model.lateSamples == 0)
  }

  @Test func `samples of a slot are averaged, however they are spaced`() throws {
    var regular = try #require(HoltWinters(slotTime: hour, seasonLength: 24))
    var irregular = regular
    var demand = Demand()
    var generator = SplitMix(state: 5)
    for index in 0..<Int64(24 * 10) {
      let value = demand.value(index)
      let expected = regular.accept(Sample(nanoseconds: index * hour, value: value))
      var given: HoltWinters.Step?
      let count = Int64(generator.next() % 5 + 1)
      // In any order within the slot.
      for part in (0..<count).reversed() {
        let offset = Double(2 * part - count + 1)
        let time = index * hour + part * (hour / count) + Int64(generator.next() % 1000)
        let step = irregular.accept(Sample(nanoseconds: time, value: value + offset))
        given = given ?? step
      }
      #expect(expected?.start == given?.start)
      if let expected, let given { #expect(abs(expected.value - given.value) < 1e-9) }
    }
    #expect(regular.lateSamples == 0 && irregular.lateSamples == 0)
  }

  @Test func `late samples are counted and left out, odd ones passed over`() throws {
    var model = try trained(24 * 5, noise: 2)
    let before = model
    for odd in [Double.nan, .infinity, -.infinity, 1e101, -1e300] {
      #expect(model.accept(Sample(nanoseconds: 24 * 5 * hour - 1, value: odd)) == nil)
    }
    #expect(model == before)
    for time in [Int64.min, 0, 24 * 5 * hour - hour - 1] {
      #expect(model.accept(Sample(nanoseconds: time, value: 3)) == nil)
    }
    #expect(model.lateSamples == 3 && model.forecast(5) == before.forecast(5))
  }

  @Test func `there is no forecast before a season, nor for a slot without value`() throws {
    var model = try #require(HoltWinters(slotTime: hour, seasonLength: 24))
    var demand = Demand()
    for index in 0..<Int64(24) where index != 7 && index != 8 {
      let step = model.accept(Sample(nanoseconds: index * hour, value: demand.value(index)))
      #expect(model.forecast(1) == nil && step?.forecast == nil && model.level == nil)
    }
    _ = model.advance(to: 24 * hour)
    #expect(model.forecast(1) != nil && model.forecast(8) == nil && model.forecast(9) == nil)
    for index in Int64(24)...32 {
      _ = model.accept(Sample(nanoseconds: index * hour, value: 200 + Demand.day(index)))
    }
    #expect(model.forecast(24) != nil && model.forecast(1) == nil)
    _ = model.advance(to: 33 * hour)
    #expect(model.forecast(23) != nil && model.forecast(24) != nil)
  }

  @Test func `half a season of values is needed`() throws {
    var model = try #require(HoltWinters(slotTime: hour, seasonLength: 24))
    for day in Int64(0)..<10 {
      for index in Int64(0)..<11 {
        _ = model.accept(Sample(nanoseconds: (day * 24 + index) * hour, value: 1))
      }
    }
    #expect(model.level == nil)
    for index in Int64(250)..<270 {
      _ = model.accept(Sample(nanoseconds: index * hour, value: 1))
    }
    #expect(model.level != nil)
  }

  @Test func `a shift of the level moves all forecasts, and a factor scales them`() throws {
    var plain = try #require(HoltWinters(slotTime: hour, seasonLength: 24))
    var scaled = plain
    var demand = Demand(noise: 4)
    for index in 0..<Int64(24 * 40) {
      let value = demand.value(index)
      _ = plain.accept(Sample(nanoseconds: index * hour, value: value))
      _ = scaled.accept(Sample(nanoseconds: index * hour, value: 1000 + 8 * value))
    }
    for ahead in 1...24 {
      let (one, other) = (try #require(plain.forecast(ahead)), try #require(scaled.forecast(ahead)))
      #expect(abs(other.value - (1000 + 8 * one.value)) < 1e-6)
    }
    let error = try #require(plain.meanAbsoluteScaledError(horizon: 6))
    let other = try #require(scaled.meanAbsoluteScaledError(horizon: 6))
    #expect(abs(error - other) < 1e-9)
  }

  @Test func `errors are those of the forecasts that were given`() throws {
    var model = try #require(
      HoltWinters(slotTime: hour, seasonLength: 24, horizons: [3, 24], errorMemory: 1_000_000))
    var demand = Demand(noise: 3)
    var given: [Int64: Double] = [:]
    var values: [Double] = []
    var (errors, naive) = ([Double](), [Double]())
    for index in 0..<Int64(24 * 12) {
      let value = demand.value(index)
      _ = model.accept(Sample(nanoseconds: index * hour, value: value))
      values.append(value)
      // The open slot is this hour, so three slots after the last closed one is two ahead.
      if let forecast = model.forecast(3) { given[index + 2] = forecast.value }
    }
    _ = model.advance(to: 24 * 12 * hour)
    for (index, value) in values.enumerated() {
      guard let forecast = given[Int64(index)] else { continue }
      errors.append(abs(value - forecast))
      naive.append(abs(value - values[index - 24]))
    }
    let mean = errors.reduce(0, +) / Double(errors.count)
    let error = try #require(model.meanAbsoluteError(horizon: 3))
    #expect(abs(error - mean) < 1e-9)
    let scaled = try #require(model.meanAbsoluteScaledError(horizon: 3))
    #expect(abs(scaled - errors.reduce(0, +) / naive.reduce(0, +)) < 1e-9)
    #expect(model.meanAbsoluteError(horizon: 1) == nil && model.horizons == [3, 24])
  }

  @Test func `no time or value traps`() throws {
    var generator = SplitMix(state: 99)
    for slotTime in [1, 1000, hour, .max] as [Int64] {
      for seasonLength in [2, 7, 24] {
        var model = try #require(HoltWinters(slotTime: slotTime, seasonLength: seasonLength))
        for _ in 0..<2000 {
          let near = Int64(generator.next() % 100)
          let (scaled, overflow) = near.multipliedReportingOverflow(by: slotTime)
          let time =
            generator.next() % 100 == 0 || overflow ? Int64(bitPattern: generator.next()) : scaled
          let value =
            generator.next() % 5 == 0
            ? Double(bitPattern: generator.next()) : Double(generator.next() % 100)
          _ = model.accept(Sample(nanoseconds: time, value: value))
          if let forecast = model.forecast(Int(generator.next() % 30)) {
            #expect(!forecast.value.isNaN)
            _ = forecast.range()
          }
        }
        for time in [Int64.min, .max, 0, .max] { _ = model.advance(to: time) }
      }
    }
  }

  @Test func `what makes no model is refused`() {
    #expect(HoltWinters(slotTime: 0, seasonLength: 24) == nil)
    #expect(HoltWinters(slotTime: hour, seasonLength: 1) == nil)
    #expect(HoltWinters(slotTime: hour, seasonLength: 100_001) == nil)
    #expect(HoltWinters(slotTime: hour, seasonLength: 24, horizons: [0]) == nil)
    #expect(HoltWinters(slotTime: hour, seasonLength: 24, horizons: [25]) == nil)
    #expect(HoltWinters(slotTime: hour, seasonLength: 24, horizons: []) == nil)
    #expect(SeasonalSmoothing(level: 0) == nil && SeasonalSmoothing(level: .nan) == nil)
    #expect(SeasonalSmoothing(trend: 1.1) == nil && SeasonalSmoothing(season: -0.1) == nil)
    #expect(SeasonalSmoothing(damping: 1.01) == nil)
    let fast = SeasonalSmoothing(level: 30)
    #expect(fast.flatMap { HoltWinters(slotTime: hour, seasonLength: 24, smoothing: $0) } == nil)
  }
}
