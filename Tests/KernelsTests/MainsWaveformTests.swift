import Kernels
import Testing

func analyse(
  _ mains: MainsGenerator, nominalFrequency: Double = 50, isExact: Bool = true,
  stampJitter: Int64 = 0, highestOrder: Int = 50
) throws -> (updates: [MainsWaveform.Update], analyser: MainsWaveform) {
  var options = MainsWaveform.Options(sampleRate: mains.sampleRate, nominalVoltage: 230)
  options.nominalFrequency = nominalFrequency
  options.isRateExact = isExact
  options.resolution = mains.step
  options.highestOrder = highestOrder
  var analyser = try #require(MainsWaveform(options))
  var generator = SplitMix(state: 77)
  var updates: [MainsWaveform.Update] = []
  for (index, value) in mains.samples().enumerated() {
    var stamp = Int64((Double(index) * 1e9 / mains.sampleRate).rounded())
    if stampJitter > 0 { stamp += Int64(generator.next() % UInt64(stampJitter)) }
    if let update = analyser.accept(Sample(nanoseconds: stamp, value: value)) {
      updates.append(update)
    }
  }
  while let update = analyser.flush() { updates.append(update) }
  return (updates, analyser)
}

func events(_ updates: [MainsWaveform.Update]) -> [VoltageEvent] {
  updates.compactMap {
    switch $0.event {
    case .ended(let event)?: event
    case .turned(let event, _)?: event
    default: nil
    }
  }
}

@Suite struct MainsWaveformTests {
  @Test func `a clean voltage gives its level and frequency to a millionth`() throws {
    let blocks = try analyse(MainsGenerator()).updates.compactMap(\.block)
    #expect(blocks.count == 9)
    for (index, block) in blocks.enumerated() {
      #expect((block.rms - 230).magnitude < 0.001)
      #expect(((block.frequency ?? 0) - 50).magnitude < 0.0001)
      #expect((block.distortion ?? 1) < 0.0013 && block.highestOrder == 50)
      #expect(block.cycles == 10 && !block.isFlagged && !block.hasFilledSamples)
      #expect((block.start - Int64(index) * 200_000_000).magnitude < 1000)
    }
  }

  @Test(arguments: [
    (860.0, 49.31, 0.0, 0.4), (860, 50.03, 2.0, 0.1), (860, 60.2, 4.0, 0.3),
    (3200, 47.6, 1.0, 0.5), (3200, 61.7, 5.5, 0.2), (8000, 49.7, 0.0, 0.2),
    (8000, 52.4, 3.3, 1.0), (8000, 59.95, 6.1, 0.0),
  ])
  func `level, frequency and distortion come out at any rate, phase and noise`(
    _ rate: Double, _ frequency: Double, _ phase: Double, _ noise: Double
  ) throws {
    let nominal = frequency < 55 ? 50.0 : 60
    var mains = MainsGenerator()
    mains.sampleRate = rate
    mains.duration = 3
    mains.frequency = frequency
    mains.phase = phase
    mains.noise = noise
    mains.volts = 224
    mains.step = rate < 1000 ? 0.1 : 0.01
    mains.harmonics = [
      .init(order: 3, fraction: 0.04, angle: phase + 1),
      .init(order: 5, fraction: 0.03, angle: 0.7 - phase),
    ]
    if rate > 3000 { mains.harmonics.append(.init(order: 17, fraction: 0.015, angle: 2)) }
    let (updates, analyser) = try analyse(mains, nominalFrequency: nominal)
    let ratio = mains.distortion / 100
    let level = (224 * 224 * (1 + ratio * ratio) + noise * noise).squareRoot()
    let tolerance = rate < 6400 ? 0.0012 : 0.0006
    let blocks = updates.compactMap(\.block)
    #expect(blocks.count == mains.crossings().dropFirst().count / (nominal == 50 ? 20 : 24))
    for block in blocks {
      #expect((block.rms - level).magnitude < tolerance * 230)
      #expect(((block.frequency ?? 0) - frequency).magnitude < 0.01)
      let error = try ((#require(block.distortion)) - mains.distortion).magnitude
      let bound = try #require(block.errorBound)
      #expect(error < bound && error < 0.2)
      #expect((bound < 0.3) && block.cycles == (nominal == 50 ? 10 : 12))
    }
    let third = try #require(analyser.harmonic(3))
    #expect((third - 0.04 * 224).magnitude < 0.2)
    #expect(analyser.harmonic(blocks[0].highestOrder + 1) == nil)
    #expect(analyser.harmonic(0) == nil && analyser.harmonic(.min) == nil)
    let mean = try #require(updates.compactMap(\.frequency).last)
    #expect((mean.frequency - frequency).magnitude < 0.002)
  }

  @Test(arguments: [(860.0, 50.0, 8), (860, 60, 7), (8000, 50, 50), (400, 50, 3)])
  func `the highest order is below half the sample rate`(
    _ rate: Double, _ nominal: Double, _ highest: Int
  ) throws {
    var mains = MainsGenerator()
    mains.sampleRate = rate
    mains.frequency = nominal
    let blocks = try analyse(mains, nominalFrequency: nominal).updates.compactMap(\.block)
    #expect(blocks.first?.highestOrder == highest)
  }

  @Test func `one-cycle values err by less than two thousandths at 860 samples a second`() throws {
    var mains = MainsGenerator()
    mains.sampleRate = 860
    mains.frequency = 50.03
    mains.step = 0.001
    mains.harmonics = [
      .init(order: 3, fraction: 0.05, angle: 0), .init(order: 5, fraction: 0.04, angle: 0.5),
    ]
    let level = 230 * (1 + 0.0041).squareRoot()
    let halves = try analyse(mains).updates.compactMap(\.halfCycle)
    #expect(halves.count > 190)
    for half in halves {
      #expect((half.rms - level).magnitude < 0.002 * level)
      #expect(((half.frequency ?? 0) - 50.03).magnitude < 0.01)
    }
  }

  @Test(arguments: [-1.0, -0.5, 0.3, 2])
  func `a drifting frequency is followed, and its slope given`(_ slope: Double) throws {
    var mains = MainsGenerator()
    mains.duration = 3
    mains.frequency = 50.2
    mains.slope = slope
    mains.noise = 0.1
    let updates = try analyse(mains).updates
    let crossings = mains.crossings()
    let blocks = updates.compactMap(\.block)
    for (index, block) in blocks.enumerated() {
      let (start, end) = (crossings[index * 20], crossings[index * 20 + 20])
      #expect(
        ((block.frequency ?? 0) - 10 / (end - start)).magnitude
          // The first cycles are found by going back at an even frequency.
          < (index == 0 ? 0.008 * slope.magnitude : 0.002))
    }
    #expect(((blocks.last?.rateOfChange ?? 0) - slope).magnitude < 0.01)
    let mean = try #require(updates.compactMap(\.frequency).last)
    #expect((mean.frequency - mains.meanFrequency).magnitude < 0.015 * max(1, slope.magnitude))
    #expect(!mean.isComplete)
  }

  @Test func `ten seconds of cycles give the frequency of the ten seconds`() throws {
    var mains = MainsGenerator()
    mains.sampleRate = 860
    mains.duration = 31
    mains.frequency = 49.987
    mains.noise = 0.4
    mains.phase = 1
    let results = try analyse(mains).updates.compactMap(\.frequency)
    #expect(results.map(\.start) == [0, 10, 20, 30].map { $0 * 1_000_000_000 })
    for result in results.prefix(3) {
      #expect((result.frequency - 49.987).magnitude < 0.0003)
      #expect(498...500 ~= result.intervals)
      #expect(result.isComplete)
    }
    #expect(results.last?.isComplete == false)
  }

  @Test(arguments: [
    (8000.0, 50.0, 0.8, 0.1, 0.7), (8000, 49.83, 0.613, 0.21, 1.17), (8000, 50.2, 0.9, 0.24, 0.02),
    (3200, 49.4, 0.511, 0.333, 0.43), (860, 50.03, 0.702, 0.3, 0.6), (860, 50.4, 0.655, 0.25, 0),
    (860, 59.9, 0.7, 0.2, 1.25), (8000, 60.1, 0.85, 0.15, 0.0),
  ])
  func `dips, swells and interruptions are found to a half cycle`(
    _ rate: Double, _ frequency: Double, _ start: Double, _ duration: Double, _ level: Double
  ) throws {
    var mains = MainsGenerator()
    mains.sampleRate = rate
    mains.frequency = frequency
    mains.noise = 0.2
    mains.disturbances = [.init(start: start, duration: duration, level: level)]
    let updates = try analyse(mains, nominalFrequency: frequency < 55 ? 50 : 60).updates
    let (found, truths) = (events(updates), mains.events())
    #expect(found.count == 1 && truths.count == 1)
    let (event, truth) = try (#require(found.first), #require(truths.first))
    let half = 0.5 / frequency
    #expect(event.kind == truth.kind)
    #expect((Double(event.start) / 1e9 - truth.start).magnitude < half)
    #expect((Double(event.windowStart) / 1e9 - truth.windowStart).magnitude < half)
    #expect((Double(event.end ?? 0) / 1e9 - (truth.end ?? 0)).magnitude < half)
    #expect((event.extremeFraction - truth.extreme).magnitude < (rate < 6400 ? 0.01 : 0.002))
    // Blocks that the event touches are flagged, no others.
    for block in updates.compactMap(\.block) {
      let isTouched =
        block.end > event.windowStart && block.start < event.end ?? 0
      #expect(block.isFlagged == isTouched)
      if !isTouched, let hertz = block.frequency {
        #expect((hertz - frequency).magnitude < 0.01)
      }
    }
  }

  @Test func `without voltage there is no frequency, and RMS values go on`() throws {
    var mains = MainsGenerator()
    mains.duration = 3
    mains.noise = 0.3
    mains.disturbances = [.init(start: 1, duration: 1.2, level: 0)]
    let updates = try analyse(mains).updates
    let inside = updates.compactMap(\.halfCycle).filter {
      $0.start > 1_030_000_000 && $0.end < 2_150_000_000
    }
    #expect(inside.count > 100)
    #expect(inside.allSatisfy { $0.frequency == nil && $0.rms < 1 })
    let after = updates.compactMap(\.halfCycle).filter { $0.start > 2_300_000_000 }
    #expect(after.allSatisfy { (($0.frequency ?? 0) - 50).magnitude < 0.05 })
  }

  @Test func `it starts without voltage and finds it when it comes`() throws {
    var mains = MainsGenerator()
    mains.duration = 4
    mains.noise = 0.2
    mains.frequency = 49.6
    mains.phase = 2
    mains.disturbances = [.init(start: 0, duration: 1.5, level: 0)]
    let updates = try analyse(mains).updates
    #expect(events(updates).map(\.kind) == [.interruption])
    let late = updates.compactMap(\.block).filter { $0.start > 2_500_000_000 }
    #expect(late.count >= 5)
    for block in late {
      #expect(((block.frequency ?? 0) - 49.6).magnitude < 0.01)
      #expect((block.rms - 230).magnitude < 0.3 && !block.isFlagged)
    }
  }

  @Test func `a jump of the phase is followed and claims no frequency`() throws {
    var mains = MainsGenerator()
    mains.duration = 1.003
    var values = mains.samples()
    mains.phase = 2.5
    mains.duration = 2
    values += mains.samples()
    var analyser = try #require(MainsWaveform(.init(sampleRate: 8000, nominalVoltage: 230)))
    var halves: [MainsHalfCycle] = []
    for value in values {
      if let half = analyser.accept(value)?.halfCycle { halves.append(half) }
    }
    for half in halves where half.end < 970_000_000 || half.start > 1_300_000_000 {
      #expect(((half.frequency ?? 0) - 50).magnitude < 0.01)
      #expect((half.rms - 230).magnitude < 0.1)
    }
    for half in halves {
      #expect(((half.frequency ?? 50) - 50).magnitude < 3)
      #expect(half.end - half.start > 10_000_000 && half.end - half.start < 30_000_000)
    }
  }

  @Test func `a wrong sample rate is put right by jittering stamps`() throws {
    var mains = MainsGenerator()
    mains.sampleRate = 833
    mains.duration = 31
    mains.frequency = 50.02
    mains.step = 0.1
    var options = MainsWaveform.Options(sampleRate: 860, nominalVoltage: 230)
    options.isRateExact = false
    var analyser = try #require(MainsWaveform(options))
    var generator = SplitMix(state: 3)
    var results: [ZeroCrossingFrequency.Result] = []
    for (index, value) in mains.samples().enumerated() {
      let stamp = Int64(Double(index) * 1e9 / 833) + Int64(generator.next() % 200_000)
      if let update = analyser.accept(Sample(nanoseconds: stamp, value: value)) {
        if let result = update.frequency { results.append(result) }
      }
    }
    #expect((analyser.sampleRate - 833).magnitude < 0.01)
    #expect(results.count == 3)
    #expect(((results.last?.frequency ?? 0) - 50.02).magnitude < 0.002)
  }
}
