import Kernels
import Testing

@Suite struct CycleTrackingTests {
  @Test(arguments: [860.0, 3200, 8000], [49.0, 50, 51])
  func `voltage that comes on within the first cycles is followed at once`(
    _ rate: Double, _ frequency: Double
  ) throws {
    for step in 1...9 {
      var mains = MainsGenerator()
      mains.sampleRate = rate
      mains.duration = 4
      mains.frequency = frequency
      mains.phase = Double(step % 6)
      mains.noise = 0.05
      mains.disturbances = [.init(start: 0, duration: Double(step) * 0.01, level: 0)]
      let updates = try analyse(mains).updates
      let blocks = updates.compactMap(\.block).filter { $0.end > 1_500_000_000 }
      #expect(blocks.count > 10)
      for block in blocks {
        #expect((block.rms - 230).magnitude < 2.3)
        #expect(((block.frequency ?? 0) - frequency).magnitude < 0.01)
      }
      #expect(events(updates).allSatisfy { $0.start < 700_000_000 })
    }
  }

  @Test(arguments: [860.0, 8000], [42.5, 46.5, 53.5, 57.5])
  func `a frequency far from the nominal one is captured after dead time`(
    _ rate: Double, _ frequency: Double
  ) throws {
    for phase in [0.0, 1, 2] {
      var mains = MainsGenerator()
      mains.sampleRate = rate
      mains.duration = 5
      mains.frequency = frequency
      mains.phase = phase
      mains.noise = 0.05
      mains.disturbances = [.init(start: 0, duration: 1.5, level: 0)]
      let updates = try analyse(mains).updates
      #expect(events(updates).map(\.kind) == [.interruption])
      for block in updates.compactMap(\.block) where block.start > 2_500_000_000 {
        #expect(((block.frequency ?? 0) - frequency).magnitude < 0.01)
        #expect((block.rms - 230).magnitude < 2.3)
      }
      let last = try #require(updates.compactMap(\.frequency).last)
      #expect((last.frequency - frequency).magnitude < 0.01)
    }
  }

  @Test(arguments: [860.0, 8000], [-7.0, -5, -3.5, 3.5, 5, 7])
  func `a step of the frequency is followed however large`(
    _ rate: Double, _ step: Double
  ) throws {
    var mains = MainsGenerator()
    mains.sampleRate = rate
    mains.duration = 8
    mains.frequencyStep = step
    mains.changeTime = 3
    mains.noise = 0.05
    let updates = try analyse(mains).updates
    #expect(events(updates).isEmpty)
    for block in updates.compactMap(\.block) where block.start > 4_500_000_000 {
      #expect(((block.frequency ?? 0) - 50 - step).magnitude < 0.01)
      #expect((block.rateOfChange ?? 1).magnitude < 0.05)
    }
    // Both parts count by the time that they lasted.
    let mean = try #require(updates.compactMap(\.frequency).last)
    #expect((mean.frequency - 50 - step * 5 / 8).magnitude < 0.05 * step.magnitude)
  }

  @Test func `no slope is given once its cycles are old`() throws {
    var mains = MainsGenerator()
    mains.duration = 5
    mains.slope = 0.2
    // The amplitude never comes to rest, so no cycle gives a frequency.
    mains.disturbances = (0..<60).map {
      .init(start: 2 + Double($0) * 0.05, duration: 0.025, level: 0.94)
    }
    let blocks = try analyse(mains).updates.compactMap(\.block)
    for block in blocks where block.end > 1_000_000_000 && block.end < 1_900_000_000 {
      #expect(((block.rateOfChange ?? 0) - 0.2).magnitude < 0.01)
    }
    let late = blocks.filter { $0.start > 2_600_000_000 && $0.end < 4_900_000_000 }
    #expect(late.count > 9)
    for block in late { #expect(block.rateOfChange == nil && block.frequency == nil) }
  }

  @Test(arguments: [860.0, 3200, 8000], [120.0, 135, 150, -120, -150])
  func `a jump of the phase is no event`(_ rate: Double, _ degrees: Double) throws {
    for place in [0.0, 0.0031, 0.0067] {
      var mains = MainsGenerator()
      mains.sampleRate = rate
      mains.frequency = 50.03
      mains.jump = degrees * Double.pi / 180
      mains.changeTime = 1 + place
      mains.noise = 0.05
      var (least, most) = (Double.infinity, 0.0)
      for step in 0..<200 {
        let end = 0.99 + Double(step) * 0.0002
        let level = mains.rms(from: end - 1 / 50.03, to: end)
        (least, most) = (min(least, level), max(most, level))
      }
      guard least > 0.9 * 230, most < 1.1 * 230 else { continue }
      let halves = try analyse(mains).updates.compactMap(\.halfCycle)
      for half in halves {
        #expect(half.rms > least - 5 && half.rms < most + 5)
      }
    }
  }

  @Test(arguments: [860.0, 8000], [16.7, 25])
  func `a frequency out of reach gives neither events nor blocks`(
    _ rate: Double, _ frequency: Double
  ) throws {
    var mains = MainsGenerator()
    mains.sampleRate = rate
    mains.duration = 5
    mains.frequency = frequency
    mains.noise = 0.1
    let updates = try analyse(mains).updates
    #expect(updates.allSatisfy { $0.event == nil && $0.frequency == nil && $0.block == nil })
  }
}
