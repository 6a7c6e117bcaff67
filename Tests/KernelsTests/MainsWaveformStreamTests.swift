import Kernels
import Testing

@Suite struct MainsWaveformStreamTests {
  @Test func `gaps begin anew, late samples are counted, and events stay open`() throws {
    var mains = MainsGenerator()
    mains.duration = 1
    mains.disturbances = [.init(start: 0.7, duration: 1, level: 0.5)]
    var analyser = try #require(MainsWaveform(.init(sampleRate: 8000, nominalVoltage: 230)))
    let values = mains.samples()
    var ended: [VoltageEvent] = []
    for (index, value) in values.enumerated() {
      _ = analyser.accept(Sample(nanoseconds: Int64(index) * 125_000, value: value))
    }
    #expect(analyser.accept(Sample(nanoseconds: 5_000_000, value: 1)) == nil)
    #expect(analyser.lateSamples == 1 && analyser.restarts == 0)
    #expect(analyser.event?.kind == .dip)
    for (index, value) in values.prefix(5000).enumerated() {
      let stamp = 4_000_000_000 + Int64(index) * 125_000
      let update = analyser.accept(Sample(nanoseconds: stamp, value: value))
      if case .ended(let event)? = update?.event { ended.append(event) }
    }
    #expect(analyser.restarts == 1 && ended.count == 1)
    #expect(ended.first?.end ?? 0 > 4_000_000_000)
  }

  @Test func `missing samples are filled and said, many begin anew`() throws {
    let values = MainsGenerator().samples()
    var analyser = try #require(MainsWaveform(.init(sampleRate: 8000, nominalVoltage: 230)))
    var blocks: [MainsBlock] = []
    for (index, value) in values.enumerated() {
      let isMissing = index == 6000
      if let block = analyser.accept(isMissing ? .nan : value)?.block { blocks.append(block) }
    }
    #expect(analyser.filledSamples == 1 && analyser.restarts == 0)
    #expect(blocks.filter(\.hasFilledSamples).count == 1)
    #expect(blocks.first { $0.hasFilledSamples }?.start ?? 0 < 750_000_000)
    for _ in 0..<1000 { _ = analyser.accept(Double.infinity) }
    #expect(analyser.restarts == 1)
    blocks = values.compactMap { analyser.accept($0)?.block }
    // Time went on in the gap: two seconds and an eighth.
    #expect(((blocks.first?.start ?? 0) - 2_125_000_000).magnitude < 21_000_000)
    #expect(blocks.allSatisfy { ($0.rms - 230).magnitude < 0.01 })
  }

  @Test func `scaling the voltage scales its values and nothing else`() throws {
    var mains = MainsGenerator()
    mains.noise = 0.5
    mains.harmonics = [.init(order: 3, fraction: 0.05, angle: 1)]
    let values = mains.samples()
    var one = try #require(MainsWaveform(.init(sampleRate: 8000, nominalVoltage: 230)))
    var other = try #require(MainsWaveform(.init(sampleRate: 8000, nominalVoltage: 230 * 128)))
    for value in values {
      let (first, second) = (one.accept(value), other.accept(value * 128))
      #expect(first?.halfCycle?.end == second?.halfCycle?.end)
      #expect((first?.halfCycle?.rms ?? 0) * 128 == second?.halfCycle?.rms ?? 0)
      #expect(first?.block?.distortion == second?.block?.distortion)
    }
  }

  @Test func `a copy that goes on gives the same as the original`() throws {
    var mains = MainsGenerator()
    mains.noise = 1
    mains.disturbances = [.init(start: 1, duration: 0.2, level: 0.4)]
    var whole = try #require(MainsWaveform(.init(sampleRate: 8000, nominalVoltage: 230)))
    var parts = whole
    for (index, value) in mains.samples().enumerated() {
      let sample = Sample(nanoseconds: Int64(index) * 125_000, value: value)
      if index % 777 == 0 {
        let copy = parts
        parts = copy
      }
      #expect(whole.accept(sample) == parts.accept(sample))
    }
  }

  @Test func `the same samples give the same bits on every machine`() throws {
    var mains = MainsGenerator()
    mains.sampleRate = 860
    mains.frequency = 50.03
    mains.noise = 0.4
    mains.harmonics = [.init(order: 3, fraction: 0.04, angle: 1)]
    mains.disturbances = [.init(start: 1, duration: 0.2, level: 0.6)]
    var analyser = try #require(MainsWaveform(.init(sampleRate: 860, nominalVoltage: 230)))
    var bits: UInt64 = 0
    func take(_ value: Double?) {
      bits = (bits &* 0x100_0000_01B3) ^ (value ?? -1).bitPattern
    }
    for value in mains.samples() {
      guard let update = analyser.accept(value) else { continue }
      take(update.halfCycle?.rms)
      take(update.halfCycle?.frequency)
      guard let block = update.block else { continue }
      for value in [block.frequency, block.distortion, block.errorBound, block.rateOfChange] {
        take(value)
      }
      for order in 1...8 { take(analyser.harmonic(order)) }
    }
    #expect(bits == 0x980D_2F73_2E86_97E5)
  }

  @Test func `never traps, whatever comes`() throws {
    var generator = SplitMix(state: 4)
    let edges: [Double] = [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, 0, 1e9, -1e9]
    for round in 0..<20 {
      var options = MainsWaveform.Options(
        sampleRate: round % 2 == 0 ? 860 : 480, nominalVoltage: 230)
      options.isRateExact = round % 3 == 0
      options.nominalFrequency = round % 5 == 0 ? 60 : 50
      var analyser = try #require(MainsWaveform(options))
      var time: Int64 = round % 4 == 0 ? .max - 20_000_000_000 : 0
      for index in 0..<20_000 {
        time = GridTimeForTests.add(time, 1_162_790)
        switch generator.next() % 2000 {
        case 0: time = Int64(bitPattern: generator.next())
        case 1: time = .max
        case 2: time = .min
        default: break
        }
        let pick = generator.next() % 50
        let value =
          pick == 0
          ? edges[Int(generator.next() % 7)]
          : pick == 1
            ? Double(bitPattern: generator.next()) : Double(generator.next() % 700) - 350
        if let update = analyser.accept(Sample(nanoseconds: time, value: value)) {
          if let half = update.halfCycle { #expect(half.rms.isFinite && half.rms >= 0) }
          if let block = update.block { #expect(block.rms.isFinite) }
        }
        if index % 5000 == 4999 {
          var left = 40
          while left > 0, analyser.flush() != nil { left -= 1 }
          #expect(left > 0)
        }
      }
    }
  }

  @Test func `options out of their range are refused`() {
    func isRefused(_ change: (inout MainsWaveform.Options) -> Void) -> Bool {
      var options = MainsWaveform.Options(sampleRate: 8000, nominalVoltage: 230)
      change(&options)
      return MainsWaveform(options) == nil
    }
    #expect(!isRefused { _ in })
    #expect(isRefused { $0.sampleRate = 399 })
    #expect(isRefused { $0.sampleRate = .nan })
    #expect(isRefused { $0.sampleRate = .infinity })
    #expect(isRefused { $0.nominalFrequency = 39 })
    #expect(isRefused { $0.nominalFrequency = .nan })
    #expect(isRefused { $0.events.nominal = 0 })
    #expect(isRefused { $0.highestOrder = 51 })
    #expect(isRefused { $0.highestOrder = -1 })
    #expect(isRefused { $0.slopeWindow = 0 })
    #expect(isRefused { $0.frequencyWindow = 0 })
    #expect(isRefused { $0.resolution = -1 })
  }
}

enum GridTimeForTests {
  static func add(_ time: Int64, _ span: Int64) -> Int64 {
    let (sum, overflow) = time.addingReportingOverflow(span)
    return overflow ? .min : sum
  }
}
