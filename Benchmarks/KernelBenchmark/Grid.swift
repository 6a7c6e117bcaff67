import Kernels

private let second: Int64 = 1_000_000_000

func timeGrid(_ bench: Bench) {
  bench.timeOnce("mains waveform, 860 Hz, 7 orders", Waveform(860, order: 7)) { kernel, _ in
    kernel.step()
  }
  bench.timeOnce("mains waveform, 6.4 kHz, no orders", Waveform(6400, order: 0)) { kernel, _ in
    kernel.step()
  }
  bench.timeOnce("mains waveform, 6.4 kHz, 13 orders", Waveform(6400, order: 13)) { kernel, _ in
    kernel.step()
  }
  bench.timeOnce("mains waveform, 6.4 kHz, 50 orders", Waveform(6400, order: 50)) { kernel, _ in
    kernel.step()
  }
  bench.timeOnce("power meter, 430 pairs a second", Pairs(430)) { kernel, _ in kernel.step() }
  bench.timeOnce("power meter, 6.4 kHz", Pairs(6400)) { kernel, _ in kernel.step() }
  bench.timeOnce("zero-crossing frequency", ZeroCrossingFrequency().map { Clocked($0) }) {
    kernel, point in
    let edge = kernel.sample(0, second / 100 + Int64(point.value * 100)).nanoseconds
    return kernel.kernel.accept(edge: edge)?.frequency ?? 0
  }
  bench.timeOnce("frequency monitor, 1 Hz", FrequencyMonitor().map { Clocked($0) }) {
    let sample = $0.sample(hertz($1), second)
    return $0.kernel.accept(sample, voltage: 230 + $1.speed).change == nil ? 0 : 1
  }
  bench.timeOnce("frequency monitor, 50 Hz", FrequencyMonitor().map { Clocked($0) }) {
    let sample = $0.sample(hertz($1), second / 50)
    return $0.kernel.accept(sample, voltage: 230 + $1.speed).change == nil ? 0 : 1
  }
  bench.timeOnce("oscillation in a band, 10 Hz", oscillation(.band(level: 0.01))) {
    $0.kernel.accept($0.sample(hertz($1), second / 10)) == nil ? 0 : 1
  }
  bench.timeOnce("oscillation by roughness, 0.5 Hz", oscillation(.roughness())) {
    $0.kernel.accept($0.sample(hertz($1), 2 * second)) == nil ? 0 : 1
  }
  bench.timeOnce(
    "voltage events, 100 Hz", VoltageEventDetector(.init(nominal: 230)).map { Clocked($0) }
  ) { $0.kernel.accept($0.sample(230 + 10 * $1.speed, second / 100)) == nil ? 0 : 1 }
  bench.timeOnce("energy register", EnergyRegister().map { Clocked($0) }) {
    $0.kernel.accept($0.sample($1.value, second))
    return $0.kernel.imported
  }
  bench.timeOnce("RMS aggregates, 5 blocks a second", Clocked(RMSAggregates())) {
    let end = $0.sample(0, second / 5).nanoseconds
    _ = $0.kernel.accept(start: end - second / 5, end: end, rms: 230 + $1.speed)
    return Double(end)
  }
  bench.timeOnce("unbalance of three phasors", 0) { _, point in
    let first = Unbalance.Phasor(magnitude: 230 + point.speed, angle: 0)
    let second = Unbalance.Phasor(magnitude: 229, angle: -2.1)
    let third = Unbalance.Phasor(magnitude: 231 - point.speed, angle: 2.09)
    return Unbalance(first, second, third)?.negative ?? 0
  }
}

private func hertz(_ point: Point) -> Double { 50 + point.humidity / 10_000 }

private func oscillation(_ options: OscillationDetector.Options) -> Clocked<OscillationDetector>? {
  OscillationDetector(options).map { Clocked($0) }
}

/// A distorted sine of 50.02 Hz, made beforehand, as a converter would give it.
private func wave(_ rate: Double, _ peak: Double, shift: Double) -> [Double] {
  var generator = SplitMix(state: 9)
  // A hundred seconds of 50.02 Hz are whole cycles.
  let count = Int(rate) * 50
  return (0..<count).map { index in
    let turn = 2 * Double.pi * 50.02 * Double(index) / rate + shift
    let harmonics = 0.05 * Elementary.sin(3 * turn) + 0.04 * Elementary.sin(5 * turn)
    return peak * (Elementary.sin(turn) + harmonics + 0.001 * generator.unit())
  }
}

private struct Waveform {
  private var kernel: MainsWaveform
  private let volts: [Double]
  private var next = 0

  init?(_ rate: Double, order: Int) {
    var options = MainsWaveform.Options(sampleRate: rate, nominalVoltage: 230)
    options.highestOrder = order
    guard let kernel = MainsWaveform(options) else { return nil }
    self.kernel = kernel
    volts = wave(rate, 325, shift: 0)
  }

  mutating func step() -> Double {
    next = next + 1 == volts.count ? 0 : next + 1
    return kernel.accept(volts[next])?.halfCycle?.rms ?? 0
  }
}

private struct Pairs {
  private var kernel: PowerMeter
  private let volts: [Double]
  private let amperes: [Double]
  private let interval: Double
  private var next = 0
  private var count = 0.0

  init?(_ rate: Double) {
    guard let kernel = PowerMeter(.init(sampleRate: rate, nominalVoltage: 230)) else { return nil }
    self.kernel = kernel
    volts = wave(rate, 325, shift: 0)
    amperes = wave(rate, 10, shift: -0.3)
    interval = 1e9 / rate
  }

  mutating func step() -> Double {
    next = next + 1 == volts.count ? 0 : next + 1
    count += 1
    let time = Int64(count * interval)
    return kernel.accept(nanoseconds: time, volts: volts[next], amperes: amperes[next])?.active ?? 0
  }
}
