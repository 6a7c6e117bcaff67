import Kernels
import Testing

/// A sine of 230 V at 50.03 Hz whose rows are stamped, with some noise.
private func rows(_ rate: Double, seconds: Double) -> [Sample] {
  var mains = MainsGenerator()
  mains.sampleRate = rate
  mains.duration = seconds
  mains.frequency = 50.03
  mains.phase = 0.7
  mains.noise = 0.1
  mains.step = 0.001
  return mains.samples().enumerated().map {
    Sample(nanoseconds: Int64((Double($0.offset) * 1e9 / rate).rounded()), value: $0.element)
  }
}

private func analyse(
  _ samples: [Sample], told rate: Double
) throws -> (updates: [MainsWaveform.Update], analyser: MainsWaveform) {
  var analyser = try #require(MainsWaveform(.init(sampleRate: rate, nominalVoltage: 230)))
  var updates = samples.compactMap { analyser.accept($0) }
  while let update = analyser.flush() { updates.append(update) }
  return (updates, analyser)
}

/// What a sine of 230 V at 50.03 Hz without events has to give, however its rows came.
private func expectClean(_ updates: [MainsWaveform.Update]) {
  let blocks = updates.compactMap(\.block)
  #expect(blocks.count > 40)
  for block in blocks {
    #expect((block.rms - 230).magnitude < 0.1)
    #expect((block.distortion ?? 1) < 0.1)
    #expect((block.rateOfChange ?? 0).magnitude < 0.02)
  }
  #expect(updates.allSatisfy { $0.event == nil })
  for result in updates.compactMap(\.frequency) {
    #expect((result.frequency - 50.03).magnitude < 0.0005)
  }
}

@Suite struct MainsGapTests {
  @Test(arguments: [(860.0, 1), (860, 2), (860, 4), (8000, 12), (8000, 39)])
  func `missing values within a quarter of a cycle move nothing`(
    _ rate: Double, _ count: Int
  ) throws {
    var samples = rows(rate, seconds: 11)
    for place in stride(from: Int(rate), to: samples.count - count, by: Int(rate * 0.73)) {
      for index in place..<(place + count) {
        samples[index] = Sample(nanoseconds: samples[index].nanoseconds, value: .nan)
      }
    }
    let (updates, analyser) = try analyse(samples, told: rate)
    expectClean(updates)
    #expect(analyser.restarts == 0 && analyser.filledSamples == UInt64(count * 14))
    let filled = updates.compactMap(\.block).filter(\.hasFilledSamples)
    #expect(filled.count >= 14)
  }

  @Test(arguments: [(860.0, 1), (860, 3), (8000, 1), (8000, 3), (8000, 32)])
  func `absent rows are filled as the stamps say`(_ rate: Double, _ count: Int) throws {
    let samples = rows(rate, seconds: 11).enumerated().filter {
      $0.offset < Int(rate) || $0.offset % Int(rate * 0.73) >= count
    }.map(\.element)
    let (updates, analyser) = try analyse(samples, told: rate)
    expectClean(updates)
    #expect(analyser.restarts == 0 && analyser.filledSamples == UInt64(count * 14))
  }

  @Test(arguments: [860.0, 8000])
  func `rows out of order count as missing where they belong`(_ rate: Double) throws {
    var samples = rows(rate, seconds: 11)
    for place in stride(from: Int(rate), to: samples.count - 1, by: Int(rate * 0.31)) {
      samples.swapAt(place, place + 1)
    }
    let (updates, analyser) = try analyse(samples, told: rate)
    expectClean(updates)
    #expect(analyser.lateSamples == analyser.filledSamples && analyser.lateSamples > 30)
  }

  @Test(arguments: [860.0, 8000])
  func `absent rows over a quarter of a cycle begin anew`(_ rate: Double) throws {
    let absent = Int(rate * 5)..<Int(rate * 5.009)
    let samples = rows(rate, seconds: 11).enumerated().filter { !absent.contains($0.offset) }
    let (updates, analyser) = try analyse(samples.map(\.element), told: rate)
    expectClean(updates)
    #expect(analyser.restarts == 1 && analyser.filledSamples == 0)
  }

  @Test func `a clock that is set back a little repeats nothing`() throws {
    let samples = rows(8000, seconds: 11).enumerated().map {
      Sample(
        nanoseconds: $0.element.nanoseconds - ($0.offset < 40_000 ? 0 : 300_000_000),
        value: $0.element.value)
    }
    let (updates, analyser) = try analyse(samples, told: 8000)
    expectClean(updates)
    #expect(analyser.restarts == 1 && analyser.lateSamples == 2400)
  }

  @Test func `a stream with one sample in eight is none`() throws {
    let samples = rows(8000, seconds: 3).map {
      Sample(nanoseconds: $0.nanoseconds / 1_000_000 * 1_000_000, value: $0.value)
    }
    #expect(try analyse(samples, told: 8000).updates.isEmpty)
  }

  @Test(arguments: [860.0, 8000], [-0.03, -0.001, 0.001, 0.03])
  func `stamps that contradict an exact rate refine it`(_ rate: Double, _ off: Double) throws {
    let samples = rows(rate * (1 + off), seconds: 11)
    let (updates, analyser) = try analyse(samples, told: rate)
    expectClean(updates)
    for block in updates.compactMap(\.block).dropFirst() {
      #expect(((block.frequency ?? 0) - 50.03).magnitude < 0.005)
    }
    #expect((analyser.sampleRate / rate - 1 - off).magnitude < 1e-6)
  }

  @Test func `stamps that only jitter leave an exact rate as it is`() throws {
    for jitter in [5_000, 200_000, 1_000_000] as [UInt64] {
      var generator = SplitMix(state: jitter)
      let samples = rows(860, seconds: 11).map {
        Sample(
          nanoseconds: $0.nanoseconds + Int64(generator.next() % jitter), value: $0.value)
      }
      let (updates, analyser) = try analyse(samples, told: 860)
      expectClean(updates)
      #expect(analyser.sampleRate == 860 && analyser.filledSamples == 0)
    }
  }

  @Test func `pairs of a power meter are filled alike`() throws {
    var meter = try #require(PowerMeter(.init(sampleRate: 860, nominalVoltage: 230)))
    var powers: [PowerMeter.Power] = []
    for index in 0..<8600 where index % 500 != 301 {
      let turn = 2 * Double.pi * 50.03 * Double(index) / 860
      let power = meter.accept(
        nanoseconds: Int64(Double(index) * 1e9 / 860),
        volts: index % 500 == 77 ? .nan : 325.269 * Elementary.sin(turn),
        amperes: 14.142 * Elementary.sin(turn - 0.5))
      if let power { powers.append(power) }
    }
    #expect(meter.filledPairs == 35 && powers.count > 45)
    for power in powers {
      #expect((power.active - 2300 * Elementary.cos(0.5)).magnitude < 2.3)
      #expect((power.reactive - 2300 * Elementary.sin(0.5)).magnitude < 2.3)
    }
  }
}
