import Kernels
import Testing

/// Pairs of a voltage of 230 V and a current of 10 A with some harmonics.
private func powers(
  rate: Double, hertz: Double, lag: Double, delay: Double = 0, harmonic: Double = 0,
  amperes: Double = 10, seconds: Double = 2
) throws -> (powers: [PowerMeter.Power], meter: PowerMeter) {
  var options = PowerMeter.Options(sampleRate: rate, nominalVoltage: 230)
  options.currentDelay = Int64(delay * 1e9)
  var meter = try #require(PowerMeter(options))
  let root = 2.0.squareRoot()
  var powers: [PowerMeter.Power] = []
  for index in 0..<Int(seconds * rate) {
    let time = Double(index) / rate
    let turn = 2 * Double.pi * hertz
    let (here, there) = (turn * time, turn * (time + delay))
    let volts = 230 * root * (Elementary.sin(here) + harmonic * Elementary.sin(3 * here))
    let current =
      amperes * root
      * (Elementary.sin(there - lag) + harmonic * Elementary.sin(3 * there - 0.5))
    let stamp = Int64((time * 1e9).rounded())
    if let power = meter.accept(nanoseconds: stamp, volts: volts, amperes: current) {
      powers.append(power)
    }
  }
  return (powers, meter)
}

@Suite struct PowerMeterTests {
  @Test(arguments: [
    (8000.0, 50.0, 0.0), (8000, 49.7, 0.7), (3200, 50.2, -0.9), (1000, 50.3, 2.5), (430, 49.9, 0.5),
  ])
  func `active, reactive and apparent power follow the angle`(
    _ rate: Double, _ hertz: Double, _ lag: Double
  ) throws {
    let powers = try powers(rate: rate, hertz: hertz, lag: lag).powers
    #expect(powers.count >= 8)
    for power in powers {
      #expect((power.active - 2300 * Elementary.cos(lag)).magnitude < 2.3)
      #expect((power.reactive - 2300 * Elementary.sin(lag)).magnitude < 2.3)
      #expect((power.apparent - 2300).magnitude < 2.3)
      #expect(((power.factor ?? 0) - Elementary.cos(lag)).magnitude < 0.001)
      #expect(((power.frequency ?? 0) - hertz).magnitude < 0.005)
    }
  }

  @Test func `a current that is sampled later is turned back`() throws {
    let harmonic = 0.2
    // Each harmonic carries its own part of the power.
    let expected = 2300 * (Elementary.cos(0.4) + harmonic * harmonic * Elementary.cos(0.5))
    for delay in [0, 1 / 860.0, -0.0004] {
      let powers = try powers(
        rate: 860, hertz: 50.1, lag: 0.4, delay: delay, harmonic: harmonic
      ).powers
      for power in powers {
        #expect((power.active - expected).magnitude < 2.3)
        #expect((power.reactive - 2300 * Elementary.sin(0.4)).magnitude < 2.3)
      }
    }
  }

  @Test func `energy goes to the side it flows to`() throws {
    let imported = try powers(rate: 3200, hertz: 50, lag: 0, seconds: 10)
    let hours = Double(imported.powers.count) * 0.2 / 3600
    #expect((imported.meter.imported - 2300 * hours).magnitude < 1e-3)
    #expect(imported.meter.exported == 0)
    let exported = try powers(rate: 3200, hertz: 50, lag: Double.pi, seconds: 10)
    #expect((exported.meter.exported - 2300 * hours).magnitude < 1e-3)
    #expect(exported.meter.imported == 0)
  }

  @Test func `never traps, and without voltage there is no frequency`() throws {
    var generator = SplitMix(state: 31)
    var meter = try #require(PowerMeter(.init(sampleRate: 400, nominalVoltage: 230)))
    var time: Int64 = 0
    for _ in 0..<30_000 {
      time = GridTimeForTests.add(time, 2_500_000)
      if generator.next() % 3000 == 0 { time = Int64(bitPattern: generator.next()) }
      let isWild = generator.next() % 50 == 0
      let power = meter.accept(
        nanoseconds: time, volts: isWild ? Double(bitPattern: generator.next()) : 1,
        amperes: generator.next() % 50 == 0 ? .nan : Double(generator.next() % 10))
      if let power { #expect(power.active.isFinite && power.voltage >= 0) }
    }
    var dead = try #require(PowerMeter(.init(sampleRate: 400, nominalVoltage: 230)))
    for index in 0..<1000 {
      let power = dead.accept(nanoseconds: Int64(index) * 2_500_000, volts: 0, amperes: 0)
      if let power { #expect(power.frequency == nil && power.factor == nil && power.active == 0) }
    }
    #expect(PowerMeter(.init(sampleRate: 399, nominalVoltage: 230)) == nil)
    #expect(PowerMeter(.init(sampleRate: 8000, nominalVoltage: 0)) == nil)
  }
}

@Suite struct EnergyRegisterTests {
  @Test func `trapezoids add up, and each register only grows`() throws {
    var register = try #require(EnergyRegister())
    register.accept(Sample(nanoseconds: 0, value: 1000))
    register.accept(Sample(nanoseconds: 36_000_000_000, value: 3000))
    #expect(register.imported == 20 && register.exported == 0)
    // From 3000 W to -1000 W: three quarters of the time in, one quarter out.
    register.accept(Sample(nanoseconds: 72_000_000_000, value: -1000))
    #expect(register.imported == 31.25 && register.exported == 1.25)
    #expect(register.net == 30)
  }

  @Test func `gaps, the past and what is no number add nothing`() throws {
    var register = try #require(EnergyRegister(maximumGap: 10_000_000_000))
    register.accept(Sample(nanoseconds: 0, value: 1000))
    register.accept(Sample(nanoseconds: 20_000_000_000, value: 1000))
    #expect(register.imported == 0 && register.uncovered == 20_000_000_000)
    for value in [Double.nan, .infinity, -.infinity, 1e300] {
      register.accept(Sample(nanoseconds: 21_000_000_000, value: value))
    }
    register.accept(Sample(nanoseconds: 20_000_000_000, value: 5))
    register.accept(Sample(nanoseconds: 15_000_000_000, value: 5))
    #expect(register.passedOver == 6)
    register.accept(Sample(nanoseconds: 23_600_000_000, value: 1000))
    #expect((register.imported - 1).magnitude < 1e-12)
    register.accept(Sample(nanoseconds: 0, value: 1000))
    register.accept(Sample(nanoseconds: 3_600_000_000, value: 1000))
    #expect((register.imported - 2).magnitude < 1e-12)
    #expect(EnergyRegister(maximumGap: 0) == nil)
  }

  @Test func `small steps on a large total are kept`() throws {
    var register = try #require(EnergyRegister(maximumGap: .max))
    register.accept(Sample(nanoseconds: 0, value: 1e12))
    register.accept(Sample(nanoseconds: 3_600_000_000_000, value: 1e12))
    register.accept(Sample(nanoseconds: 3_600_000_000_001, value: 0.001))
    let before = register.imported
    for index in 1...1_000_000 {
      register.accept(Sample(nanoseconds: 3_600_000_000_001 + Int64(index) * 1_000, value: 0.36))
    }
    #expect((register.imported - before - 0.36 / 3600).magnitude < 0.0002)
  }

  @Test func `registers never fall, whatever comes`() throws {
    var generator = SplitMix(state: 32)
    var register = try #require(EnergyRegister(maximumGap: 5_000_000_000))
    var (imported, exported) = (0.0, 0.0)
    for index in 0..<20_000 {
      let time =
        generator.next() % 50 == 0
        ? Int64(bitPattern: generator.next()) : Int64(index) * 1_000_000_000
      let value =
        generator.next() % 50 == 0
        ? Double(bitPattern: generator.next()) : Double(generator.next() % 2000) - 1000
      register.accept(Sample(nanoseconds: time, value: value))
      #expect(register.imported >= imported && register.exported >= exported)
      (imported, exported) = (register.imported, register.exported)
    }
  }
}
