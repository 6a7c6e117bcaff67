import Kernels
import Testing

@Suite struct MainsFrequencyTests {
  @Test(arguments: [430.0, 860, 3200, 8000])
  func `noise moves the frequency by no more than its bound, which is no more than it must be`(
    _ rate: Double
  ) throws {
    var (broken, count) = (0, 0)
    for (seed, noise) in [0.02, 0.4, 2, 6, 0.4, 0].enumerated() {
      var mains = MainsGenerator()
      mains.sampleRate = rate
      mains.duration = 10.4
      mains.frequency = 49.93 + 0.02 * Double(seed)
      mains.phase = Double(seed)
      mains.noise = noise
      mains.step = noise == 0 ? 2 : 0.01
      mains.seed = UInt64(seed + 1)
      for result in try analyse(mains, highestOrder: 0).updates.compactMap(\.frequency) {
        count += 1
        #expect(result.errorBound > 0)
        if result.isComplete { #expect(result.errorBound < 0.0005 + 0.0005 * noise) }
        if (result.frequency - mains.frequency).magnitude > result.errorBound { broken += 1 }
      }
    }
    #expect(count == 12 && broken == 0)
  }

  @Test(arguments: [5_000, 100_000, 1_000_000] as [Int64])
  func `jitter of the stamps is in the bound`(_ jitter: Int64) throws {
    var mains = MainsGenerator()
    mains.sampleRate = 860
    mains.duration = 21
    mains.frequency = 50.02
    mains.noise = 0.1
    for isExact in [true, false] {
      let results = try analyse(mains, isExact: isExact, stampJitter: jitter, highestOrder: 0)
        .updates.compactMap(\.frequency)
      #expect(results.count == 3)
      for result in results {
        #expect((result.frequency - 50.02).magnitude < result.errorBound)
        #expect(result.errorBound < 0.003)
      }
    }
  }

  @Test(arguments: [860.0, 8000], [(2.0, 9.9), (5, 9.8), (0.5, 9.5), (9.7, 10.2)])
  func `an interruption discards no cycles of its ten seconds`(
    _ rate: Double, _ gap: (start: Double, end: Double)
  ) throws {
    var mains = MainsGenerator()
    mains.sampleRate = rate
    mains.duration = 20.4
    mains.frequency = 50.03
    mains.noise = 0.4
    mains.disturbances = [.init(start: gap.start, duration: gap.end - gap.start, level: 0)]
    let results = try analyse(mains, highestOrder: 0).updates.compactMap(\.frequency)
    #expect(results.map(\.start) == [0, 10_000_000_000, 20_000_000_000])
    for result in results {
      #expect((result.frequency - 50.03).magnitude < min(0.001, result.errorBound))
    }
    let there = gap.start + max(0, 10 - gap.end)
    let measured = Double(results[0].measured) / 1e9
    #expect(measured <= there && measured > there - 0.2)
    #expect(!results[0].isComplete && results[1].isComplete == (gap.end < 10))
  }

  @Test(arguments: [
    (860.0, 60.0, 60.0, 7), (860, 60, 60.25, 7), (860, 60, 60.5, 7), (860, 50, 46.8, 9),
    (860, 50, 47.5, 8), (3200, 50, 50.7, 31), (1000, 50, 50.9, 9), (1000, 50, 49.5, 10),
  ])
  func `the highest order is told from its image by lines of the block`(
    _ rate: Double, _ nominal: Double, _ frequency: Double, _ highest: Int
  ) throws {
    var mains = MainsGenerator()
    mains.sampleRate = rate
    mains.frequency = frequency
    mains.harmonics = [.init(order: highest, fraction: 0.03, angle: 1)]
    let blocks = try analyse(mains, nominalFrequency: nominal).updates.compactMap(\.block)
    #expect(blocks.count > 5)
    for block in blocks {
      #expect(block.highestOrder == highest)
      let (distortion, bound) = try (#require(block.distortion), #require(block.errorBound))
      #expect((distortion - 3).magnitude < min(0.6, bound))
    }
  }

  @Test func `the step of the converter shows in the values`() throws {
    var mains = MainsGenerator()
    mains.step = 2
    for told in [2.0, 0] {
      var options = MainsWaveform.Options(sampleRate: 8000, nominalVoltage: 230)
      options.resolution = told
      var analyser = try #require(MainsWaveform(options))
      for block in mains.samples().compactMap({ analyser.accept($0)?.block }) {
        let (distortion, bound) = try (#require(block.distortion), #require(block.errorBound))
        // 2 V over the root of 12 and 230 V are 0.25 %.
        #expect(bound > 0.25 && bound < 0.6 && distortion < bound)
      }
    }
  }
}
