import Testing

@testable import Kernels

/// A number about 0 with deviation 1: twelve uniform ones, so the same on every machine.
func normal(_ generator: inout SplitMix) -> Double {
  var sum = 0.0
  for _ in 0..<12 { sum += Double(generator.next() >> 11) / 9_007_199_254_740_992 }
  return sum - 6
}

/// A triangle over the day, from 0 at midnight to 10 at noon.
func triangle(_ nanoseconds: Int64) -> Double {
  let second = nanoseconds / 1_000_000_000 % 86_400
  return Double(second < 43_200 ? second : 86_400 - second) / 4320
}

/// Values five minutes apart, each made from its index and time with noise.
func stream(
  _ count: Int, seed: UInt64, _ value: (Int, Int64, inout SplitMix) -> Double
) -> [Sample] {
  var generator = SplitMix(state: seed)
  return (0..<count).map { index in
    let time = Int64(index) * 300_000_000_000
    return Sample(nanoseconds: time, value: value(index, time, &generator))
  }
}

private struct Run {
  var scores: [Double] = []
  var raised: [(index: Int, reason: AnomalyReason)] = []
  var released: [Int] = []

  init(_ samples: [Sample], _ detector: AnomalyDetector = AnomalyDetector()) {
    var detector = detector
    for (index, sample) in samples.enumerated() {
      let verdict = detector.accept(sample)
      scores.append(verdict.score)
      switch verdict.change {
      case .raised(let reason): raised.append((index, reason))
      case .released: released.append(index)
      case nil: break
      }
    }
  }
}

@Suite struct AnomalyDetectorTests {
  @Test func `a quiet stream with a daily shape stays quiet`() {
    let counts = (1...10).map { seed in
      Run(stream(8000, seed: seed) { _, time, noise in triangle(time) + 0.5 * normal(&noise) })
        .raised.count
    }
    // Four weeks each: less than one false alarm in three months.
    #expect(counts.reduce(0, +) <= 3)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `a level jump raises one alarm soon, and says which way`(_ seed: UInt64) throws {
    for side in [8.0, -8] {
      let run = Run(
        stream(4100, seed: seed) { index, time, noise in
          triangle(time) + 0.5 * normal(&noise) + (index >= 4000 ? side : 0)
        })
      let alarm = try #require(run.raised.first { $0.index >= 4000 })
      #expect(4000...4003 ~= alarm.index)
      #expect((alarm.reason.deviations > 0) == (side > 0))
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `a spike raises at once`(_ seed: UInt64) {
    let run = Run(
      stream(4300, seed: seed) { index, time, noise in
        triangle(time) + normal(&noise) + (index == 4000 ? 12 : 0)
      })
    #expect(run.raised.contains { $0.index == 4000 })
    #expect(run.released.contains(4100))
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `a day without its shape raises, though each value is ordinary`(_ seed: UInt64) {
    let run = Run(
      stream(4320, seed: seed) { index, time, noise in
        (index >= 4032 ? 0 : triangle(time)) + 0.3 * normal(&noise)
      })
    #expect(run.raised.contains { 4032...4250 ~= $0.index })
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `a wilder stream raises`(_ seed: UInt64) throws {
    let run = Run(
      stream(4100, seed: seed) { index, time, noise in
        triangle(time) + 0.5 * normal(&noise) * (index >= 4000 ? 5 : 1)
      })
    let alarm = try #require(run.raised.first { $0.index >= 4000 })
    #expect(alarm.index <= 4020)
  }

  @Test func `the first change of a constant stream raises, tiny noise on it later does not`() {
    let run = Run(
      stream(3000, seed: 1) { index, _, noise in
        index < 1000 ? 5 : index == 1000 ? 6 : 5 + 0.001 * normal(&noise)
      })
    #expect(run.raised.map(\.index) == [1000])
    #expect(run.raised.first?.reason.deviations == 100)
    #expect(Run(stream(1000, seed: 1) { _, _, _ in 7 }).scores.allSatisfy { $0 == 0 })
  }

  @Test func `scores stay below one, and greater spikes score more`() {
    var last = 0.0
    for size in [8.0, 12, 20, 40, 1000, 1e6, 1e12, 1e100] {
      let run = Run(
        stream(4001, seed: 3) { index, _, noise in normal(&noise) + (index == 4000 ? size : 0) })
      let score = run.scores[4000]
      // Beyond 100 deviations the range bounds the deviation: no more than no less.
      #expect(size <= 40 ? score > last : score >= 0.9 * last)
      #expect(score < 1)
      last = score
    }
  }

  @Test func `scores in the tail are all distinct`() {
    let run = Run(stream(5000, seed: 4) { _, _, noise in normal(&noise) })
    let tail = run.scores.filter { $0 > 0 }
    #expect(tail.count > 500)
    #expect(Set(tail).count == tail.count)
    #expect(run.scores.allSatisfy { 0..<1 ~= $0 })
  }

  @Test func `scale does not matter, to the last bit where it is a power of two`() {
    let samples = stream(3000, seed: 5) { index, time, noise in
      triangle(time) + normal(&noise) + (index % 700 == 699 ? 15 : 0)
    }
    let scores = Run(samples).scores
    for scale in [-1.0, 0.125, -1024, 0x1p300, 0x1p-300] {
      let scaled = samples.map { Sample(nanoseconds: $0.nanoseconds, value: $0.value * scale) }
      #expect(Run(scaled).scores == scores)
    }
  }

  @Test func `offset and odd scales do not matter beyond rounding`() {
    let samples = stream(3000, seed: 6) { index, time, noise in
      triangle(time) + normal(&noise) + (index % 700 == 699 ? 15 : 0)
    }
    let run = Run(samples)
    for (scale, offset) in [(1.0, 1000.0), (3.7, -50), (-0.01, 7)] {
      let moved = samples.map {
        Sample(nanoseconds: $0.nanoseconds, value: $0.value * scale + offset)
      }
      let other = Run(moved)
      #expect(other.raised.map(\.index) == run.raised.map(\.index))
      for (one, two) in zip(run.scores, other.scores) { #expect(abs(one - two) < 1e-6) }
    }
  }

  @Test func `a shift of the times by whole weeks does not matter`() {
    let samples = stream(5000, seed: 7) { _, time, noise in triangle(time) + normal(&noise) }
    let scores = Run(samples).scores
    for weeks in [-3000, -1, 1, 2900] as [Int64] {
      let moved = samples.map {
        Sample(nanoseconds: $0.nanoseconds + weeks * 604_800_000_000_000, value: $0.value)
      }
      #expect(Run(moved).scores == scores)
    }
  }

  @Test func `during the hold-off scores are a hundredth and nothing is raised`() throws {
    let run = Run(
      stream(4200, seed: 8) { index, _, noise in normal(&noise) + (index >= 4000 ? 30 : 0) })
    let alarm = try #require(run.raised.first { $0.index >= 4000 })
    #expect(alarm.index == 4000)
    #expect(run.scores[4001...4100].allSatisfy { $0 < 0.01 })
    #expect(run.released.contains(4100))
  }

  @Test func `what keeps coming back tires the alarm`() {
    let run = Run(
      stream(12_000, seed: 9) { index, time, noise in
        triangle(time) + normal(&noise) + (index > 1000 && index % 151 == 0 ? 12 : 0)
      })
    let early = run.raised.count { $0.index < 4000 }
    let late = run.raised.count { $0.index >= 9000 }
    #expect(early > 2 && late < early)
  }

  @Test func `a copy goes on as the detector does`() {
    let samples = stream(3000, seed: 13) { _, time, noise in triangle(time) + normal(&noise) }
    var detector = AnomalyDetector()
    for sample in samples.prefix(1234) { _ = detector.accept(sample) }
    let rest = Run(Array(samples.dropFirst(1234)), detector)
    #expect(rest.scores == Array(Run(samples).scores.dropFirst(1234)))
  }

  @Test func `a hold-off, threshold and memory out of range are refused`() {
    #expect(AnomalyDetector(threshold: 0) == nil && AnomalyDetector(threshold: 1) == nil)
    #expect(AnomalyDetector(threshold: .nan) == nil)
    #expect(AnomalyDetector(holdOff: 0) == nil && AnomalyDetector(memory: 99) == nil)
    #expect(AnomalyDetector(threshold: 0.7, holdOff: 5, memory: 200)?.holdOff == 5)
    #expect(AnomalyDetector().threshold == 0.5 && AnomalyDetector().holdOff == 100)
  }

  @Test func `values that cannot be squared are passed over`() {
    let samples = stream(1000, seed: 10) { _, time, noise in triangle(time) + normal(&noise) }
    var plain = AnomalyDetector()
    var other = AnomalyDetector()
    for sample in samples {
      for wrong in [Double.nan, .infinity, -.infinity, 1e141, -.greatestFiniteMagnitude] {
        let verdict = other.accept(Sample(nanoseconds: .max, value: wrong))
        #expect(verdict == AnomalyDetector.Verdict(score: 0, change: nil))
      }
      let one = plain.accept(sample)
      let two = other.accept(sample)
      #expect(one == two)
    }
    #expect(plain == other)
  }

  @Test func `never traps, and gives a score from 0 to below 1 and alternating changes`() {
    var generator = SplitMix(state: 11)
    for round in 0..<20 {
      var detector = AnomalyDetector()
      for _ in 0..<3000 {
        let value: Double
        switch round % 4 {
        case 0: value = Double(bitPattern: generator.next())
        case 1: value = Double.leastNormalMagnitude * normal(&generator)
        case 2: value = generator.next() % 50 == 0 ? 1e140 : -1e140 * Double(generator.next() % 2)
        default: value = normal(&generator)
        }
        let time =
          generator.next() % 3 == 0
          ? Int64(bitPattern: generator.next()) : Int64(generator.next() % 1_000_000)
        let wasRaised = detector.isRaised
        let verdict = detector.accept(Sample(nanoseconds: time, value: value))
        #expect(0..<1 ~= verdict.score)
        switch verdict.change {
        case .raised(let reason):
          #expect(!wasRaised && detector.isRaised && reason.deviations.isFinite)
          #expect(!reason.description.isEmpty)
        case .released: #expect(wasRaised && !detector.isRaised)
        case nil: #expect(detector.isRaised == wasRaised)
        }
      }
    }
  }

  @Test func `the reason is told in words`() {
    let text = { AnomalyReason(cause: $0, deviations: $1).description }
    #expect(text(.level, 6.2) == "level 6.2 deviations above its running mean")
    #expect(text(.shift, -1.25) == "mean of the last samples 1.3 deviations below its running mean")
    #expect(text(.hour, 100) == "level 100.0 deviations above what this hour had before")
    #expect(text(.hourShift, -0.04).contains("0.0 deviations below what these hours had before"))
    #expect(text(.fluctuation, 1e12).contains("over 1000000000"))
  }

  @Test func `gives these bits, on every machine`() {
    let run = Run(
      stream(5000, seed: 12) { index, time, noise in
        triangle(time) + normal(&noise) + (index % 900 == 899 ? 14 : 0)
      })
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for score in run.scores { hash = (hash ^ score.bitPattern) &* 0x100_0000_01b3 }
    #expect(run.raised.map(\.index) == [899, 1799, 2699, 3599, 4499])
    #expect(hash == 15_566_457_095_812_420_289)
  }
}
