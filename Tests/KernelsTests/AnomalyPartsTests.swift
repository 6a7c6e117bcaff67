import Testing

@testable import Kernels

@Suite struct FadingMomentsTests {
  @Test func `the first values count alike, later ones by the rate`() {
    var moments = FadingMoments(rate: 0.25)
    for value in [1, 2, 3, 6] as [Double] { moments.accept(value) }
    #expect(moments.mean == 3 && moments.variance == 3.5 && moments.meanSquare == 12.5)
    moments.accept(7)
    // 3 + (7 - 3) / 4; 3/4 (3.5 + 4 x 1).
    #expect(moments.mean == 4 && moments.variance == 5.625)
  }
}

@Suite struct TailScaleTests {
  @Test func `an exponential tail comes out as itself`() {
    // Squares of exponential numbers, whose roots have an exponential tail: a chance of
    // 0.05 exp(-x) beyond x.
    var generator = SplitMix(state: 1)
    var scale = TailScale()
    var beyond = [0.0, 0, 0]
    let count = 200_000
    for _ in 0..<count {
      // The time to the first of many rare events, which needs no logarithm.
      var time = 0.0
      while generator.next() >> 58 != 0 { time += 1.0 / 64 }
      let result = scale.accept(time * time)
      for index in 0..<3 where result > Double(index) { beyond[index] += 1 }
    }
    let expected = [0.05, 0.05 * 0.3679, 0.05 * 0.1353]
    for (found, chance) in zip(beyond, expected) {
      #expect(abs(found / Double(count) / chance - 1) < 0.15)
    }
  }

  @Test func `nothing is in the tail while learning, nor of a constant`() {
    var scale = TailScale()
    for index in 0..<64 {
      let result = scale.accept(index == 30 ? 100 : 0)
      #expect(result == 0)
    }
    for _ in 0..<1000 {
      let result = scale.accept(0)
      #expect(result == 0)
    }
    let last = scale.accept(100)
    #expect(last > 0 && last.isFinite)
  }
}

@Suite struct AlarmHoldTests {
  @Test func `holds for its length, and tires`() {
    var alarm = AlarmHold(threshold: 0.5, length: 2, memory: 1e12, half: 1)
    var results: [AlarmHold.Change?] = []
    var scores: [Double] = []
    for evidence in [0.5, 1, 1, 1, 1, 1.3] as [Double] {
      let (score, change) = alarm.accept(evidence)
      scores.append(score)
      results.append(change)
    }
    // After an alarm, evidence of 1 counts 1/1.2 and no longer raises; 1.3 does.
    #expect(results == [nil, .raised, nil, .released, nil, .raised])
    #expect(scores[1] == 0.5 && scores[2] < 0.01 && abs(scores[4] - 1 / 2.2) < 1e-9)
    #expect(alarm.isRaised)
  }
}
