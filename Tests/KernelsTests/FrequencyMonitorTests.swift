import Kernels
import Testing

private let second: Int64 = 1_000_000_000

private func changes(
  _ values: [Double], voltages: [Double]? = nil, _ options: FrequencyMonitor.Options = .init()
) throws -> [FrequencyMonitor.Change?] {
  var monitor = try #require(FrequencyMonitor(options))
  return values.enumerated().map { index, value in
    monitor.accept(
      Sample(nanoseconds: Int64(index) * second, value: value), voltage: voltages?[index]
    ).change
  }
}

@Suite struct FrequencyMonitorTests {
  @Test func `alarms are raised beyond the limits and released with hysteresis`() throws {
    #expect(
      try changes([50, 49.8, 49.79, 49.81, 49.82, 50.2, 50.21, 50.19, 50.18])
        == [
          nil, nil, .underFrequency(49.79), nil, .normal(49.82), nil, .overFrequency(50.21), nil,
          .normal(50.18),
        ])
    var options = FrequencyMonitor.Options()
    options.hold = 2 * second
    #expect(
      try changes([49.7, 49.7, 50, 49.7, 49.7, 49.7], options)
        == [nil, nil, nil, nil, nil, .underFrequency(49.7)])
  }

  @Test func `a decimal value at a limit is at it`() throws {
    for (nominal, deviation) in [(50.0, 0.2), (50, 0.05), (60, 0.1), (50, 0.8), (60, 0.7)] {
      let hysteresis = deviation / 10
      // Thousandths are exact as the quotient of two whole numbers, as a parser reads them.
      func decimal(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
      let (low, high) = (decimal(nominal - deviation), decimal(nominal + deviation))
      let (up, down) = (decimal(low + hysteresis), decimal(high - hysteresis))
      let values = [nominal, low, low - 0.001, up, high, high + 0.001, down]
      #expect(
        try changes(values, FrequencyMonitor.Options(nominal: nominal, deviation: deviation))
          == [
            nil, nil, .underFrequency(low - 0.001), .normal(up), nil,
            .overFrequency(high + 0.001), .normal(down),
          ])
    }
  }

  @Test func `without voltage nothing is claimed`() throws {
    #expect(
      try changes([50, 49.5, 49.4, 49.3, 50, 49], voltages: [230, 230, 22, 25, 28, 230])
        == [nil, .underFrequency(49.5), .invalid(.noVoltage), nil, .valid, .underFrequency(49)])
  }

  @Test func `a stuck or an impossible value is not believed`() throws {
    var options = FrequencyMonitor.Options()
    options.stuckAfter = 3 * second
    #expect(
      try changes([50, 50, 50, 50, 50, 50, 50.1], options)
        == [nil, nil, nil, nil, .invalid(.stuck), nil, .valid])
    #expect(
      try changes([50, 40, 70, .nan, .infinity, 1e300, 50])
        == [nil, .invalid(.implausible), nil, nil, nil, nil, .valid])
  }

  @Test func `means are of valid samples and flagged where some are not`() throws {
    var monitor = try #require(FrequencyMonitor())
    var seconds: [FrequencyMonitor.Mean] = []
    var tens: [FrequencyMonitor.Mean] = []
    for index in 0..<251 {
      let value = index == 155 ? 39 : 50 + Double(index / 100) * 0.01
      let update = monitor.accept(Sample(nanoseconds: Int64(index) * second / 10, value: value))
      if let mean = update.oneSecond { seconds.append(mean) }
      if let mean = update.tenSeconds { tens.append(mean) }
    }
    #expect(seconds.count == 25 && tens.count == 2)
    #expect(seconds.allSatisfy { $0.isFlagged == ($0.start == 15 * second) })
    #expect(tens.map(\.count) == [100, 99] && tens.map(\.isFlagged) == [false, true])
    #expect(tens[0].frequency == 50 && (tens[1].frequency - 50.01).magnitude < 1e-12)
  }

  @Test(arguments: [-2.0, -0.5, 0.01, 1])
  func `the slope is that of a ramp, in any window`(_ slope: Double) throws {
    for window in [second / 2, second, 5 * second] {
      var options = FrequencyMonitor.Options()
      options.slopeWindow = window
      var monitor = try #require(FrequencyMonitor(options))
      var count = 0
      for index in 0..<700 {
        let time = Double(index) / 100
        let update = monitor.accept(
          Sample(nanoseconds: Int64(index) * 10_000_000, value: 60 + slope * time))
        guard let rate = update.rateOfChange else { continue }
        count += 1
        #expect((rate - slope).magnitude < 1e-9)
      }
      #expect(count >= 700 - Int(window / 20_000_000) - 1)
    }
  }

  @Test func `never traps, and claims nothing while it is invalid`() throws {
    var generator = SplitMix(state: 11)
    var monitor = try #require(FrequencyMonitor())
    for index in 0..<30_000 {
      let time =
        generator.next() % 100 == 0
        ? Int64(bitPattern: generator.next()) : Int64(index) * 100_000_000
      let value =
        generator.next() % 20 == 0
        ? Double(bitPattern: generator.next()) : 49.5 + Double(generator.next() % 1000) / 1000
      let voltage = generator.next() % 50 == 0 ? Double(generator.next() % 60) : nil
      let update = monitor.accept(Sample(nanoseconds: time, value: value), voltage: voltage)
      if monitor.invalidity != nil {
        #expect(!monitor.isUnder && !monitor.isOver && update.rateOfChange == nil)
      }
      if let mean = update.oneSecond { #expect(mean.frequency > 40 && mean.frequency < 70) }
    }
    _ = monitor.acceptVoltage(.nan)
    #expect(FrequencyMonitor(.init(nominal: 50, deviation: -1)) == nil)
    #expect(FrequencyMonitor(.init(nominal: .nan, deviation: 1)) == nil)
  }
}
