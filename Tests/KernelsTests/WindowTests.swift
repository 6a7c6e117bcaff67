import Kernels
import Testing

private func summary(
  _ samples: some Sequence<Sample>, _ rule: WindowSummary.Rule = WindowSummary.Rule()
) -> WindowSummary {
  var summary = WindowSummary(rule)
  for sample in samples { summary.accept(sample) }
  return summary
}

private func isClose(_ one: Double?, _ other: Double?, _ tolerance: Double = 1e-9) -> Bool {
  guard let one, let other else { return one == nil && other == nil }
  return abs(one - other) <= tolerance * max(1, abs(one))
}

@Suite struct WindowTests {
  @Test func `a summary tells what is known of four samples`() throws {
    let all = summary([second(0, 2), second(1, 4), second(3, 4), second(4, 6)])
    #expect(all.count == 4 && all.mean == 4 && all.minimum == 2 && all.maximum == 6)
    #expect(all.range == 4 && all.variance == 8.0 / 3 && all.rate == 1)
    #expect(all.rootMeanSquare == 18.0.squareRoot())
    #expect(all.integral == 16 && all.covered == 4_000_000_000 && all.timeWeightedMean == 4)
    let stepped = summary(
      [second(0, 2), second(1, 4), second(3, 4), second(4, 6)],
      WindowSummary.Rule(interpolation: .previous))
    #expect(stepped.integral == 14 && stepped.timeWeightedMean == 3.5)
    let gapped = summary(
      [second(0, 2), second(1, 4), second(3, 4), second(4, 6)],
      WindowSummary.Rule(maximumGap: 1_500_000_000))
    #expect(gapped.integral == 8 && gapped.covered == 2_000_000_000)
  }

  @Test func `of no value and of one little is known`() {
    let none = summary([second(0, .nan)])
    #expect(none.count == 0 && none.missing == 1 && none.mean == nil && none.range == nil)
    #expect(none.integral == nil && none.rate == nil && none.rootMeanSquare == nil)
    let one = summary([second(0, -3)])
    #expect(one.mean == -3 && one.rootMeanSquare == 3 && one.range == 0)
    #expect(one.variance == nil && one.integral == nil && one.timeWeightedMean == nil)
  }

  @Test func `missing, doubled and late samples are taken as the rule says`() {
    let all = summary([
      second(0, 2), second(1, .nan), second(2, 4), second(2, 8), second(1, 100), second(3, 8),
    ])
    #expect(all.missing == 1 && all.outOfOrder == 1 && all.count == 5)
    #expect(all.maximum == 100 && all.integral == 14 && all.rate == 2)
    #expect(all.last == second(3, 8))
  }

  @Test func `the mean and variance are those of running statistics, to the bit`() {
    var generator = SplitMix(state: 30)
    var running = RunningStatistics()
    var all = WindowSummary()
    for index in 0..<1000 {
      let value = Double(Int64(bitPattern: generator.next())) / 1e9
      running.accept(value)
      all.accept(second(Double(index), value))
      #expect(all.mean == running.mean && all.variance == running.variance)
    }
  }

  @Test func `parts merge to the whole, wherever and however often it is cut`() {
    var generator = SplitMix(state: 31)
    for rule in [
      WindowSummary.Rule(), WindowSummary.Rule(interpolation: .previous, maximumGap: 3_000_000_000),
      WindowSummary.Rule(isDirection: true),
    ] {
      var time = 0.0
      let samples = (0..<200).map { _ -> Sample in
        time += Double(generator.next() % 5)
        let value = generator.next() % 9 == 0 ? Double.nan : Double(generator.next() % 360)
        return second(time, value)
      }
      let whole = summary(samples, rule)
      for size in [1, 2, 7, 50, 199] {
        var own = WindowSummary(rule)
        var continued = WindowSummary(rule)
        var before = WindowSummary(rule)
        for start in stride(from: 0, to: samples.count, by: size) {
          let part = samples[start..<min(start + size, samples.count)]
          let isMerged = own.merge(summary(part, rule))
          #expect(isMerged)
          var next = before.continued()
          for sample in part { next.accept(sample) }
          before = next
          continued.merge(next)
        }
        for merged in [own, continued] {
          #expect(merged.count == whole.count && merged.missing == whole.missing)
          #expect(merged.first == whole.first && merged.last == whole.last)
          #expect(merged.minimum == whole.minimum && merged.maximum == whole.maximum)
          #expect(merged.covered == whole.covered && isClose(merged.integral, whole.integral))
          #expect(isClose(merged.mean, whole.mean) && isClose(merged.variance, whole.variance))
          #expect(merged.rate == whole.rate)
          #expect(isClose(merged.direction.degrees, whole.direction.degrees))
        }
      }
    }
    var one = WindowSummary()
    let isMerged = one.merge(WindowSummary(WindowSummary.Rule(isDirection: true)))
    #expect(!isMerged)
  }

  @Test func `directions about north have a mean in the north`() throws {
    var mean = DirectionMean()
    for degrees in [350.0, 10, 355, 5, -3, 363] { mean.accept(degrees) }
    let degrees = try #require(mean.degrees)
    #expect(min(degrees, 360 - degrees) < 1e-9)
    mean.accept(.nan)
    mean.accept(1, weight: .infinity)
    mean.accept(1, weight: -1)
    #expect(mean.count == 6)
    var opposite = DirectionMean()
    for degrees in [0.0, 90, 180, 270] { opposite.accept(degrees) }
    #expect(opposite.degrees == nil && opposite.resultantLength == 0)
    for degrees in [0.0, 90, 180, 270, 45, 300.5] {
      var single = DirectionMean()
      single.accept(degrees + 720, weight: 5)
      #expect(isClose(single.degrees, degrees, 1e-12) && isClose(single.magnitude, 5, 1e-12))
    }
    var weighted = DirectionMean()
    weighted.accept(0, weight: 3)
    weighted.accept(90, weight: 4)
    #expect(isClose(weighted.degrees, 53.130102354155979) && isClose(weighted.magnitude, 2.5))
    #expect(isClose(weighted.resultantLength, 5.0 / 7))
    var hostile = DirectionMean()
    for degrees in [1e300, -1e-300, 1e17, .greatestFiniteMagnitude] { hostile.accept(degrees) }
    #expect(hostile.count == 4)
  }

  // 1 - exp(-1) of a step after one time constant.
  @Test func `the exponential mean answers a step as a low-pass filter does`() throws {
    for steps in [1, 2, 10] {
      var mean = try #require(ExponentialMean(timeConstant: 10_000_000_000))
      _ = mean.accept(second(0, 0))
      for step in 1...steps { _ = mean.accept(second(10 * Double(step) / Double(steps), 1)) }
      #expect(isClose(mean.mean, 0.632_120_558_828_557_7, 1e-15))
      let answer = mean.mean
      #expect(mean.accept(second(10, 50)) == answer)
      #expect(mean.accept(second(3, .nan)) == answer)
    }
    #expect(ExponentialMean(timeConstant: 0) == nil)
  }
}
