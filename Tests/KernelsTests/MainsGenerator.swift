import Kernels

/// A mains voltage by formula, with what an analyser has to find in it.
///
/// The truth of Urms(1/2) integrates the voltage without noise between the zero crossings of its
/// phase, densely enough for six digits.
struct MainsGenerator {
  struct Harmonic {
    var order: Int
    var fraction: Double
    var angle: Double
  }

  struct Disturbance {
    var start: Double
    var duration: Double
    var level: Double
  }

  struct Truth {
    var kind: VoltageEvent.Kind
    var windowStart: Double
    var start: Double
    var end: Double?
    var extreme: Double
  }

  var sampleRate = 8000.0
  var duration = 2.0
  var volts = 230.0
  var frequency = 50.0
  var slope = 0.0
  var phase = 0.0
  /// A jump of the phase in radians, and a step of the frequency in hertz, at a time in seconds.
  var jump = 0.0
  var frequencyStep = 0.0
  var changeTime = 0.0
  var noise = 0.0
  var step = 0.01
  var harmonics: [Harmonic] = []
  var disturbances: [Disturbance] = []
  var seed: UInt64 = 1

  var distortion: Double {
    100 * harmonics.reduce(0) { $0 + $1.fraction * $1.fraction }.squareRoot()
  }

  var meanFrequency: Double { frequency + slope * duration / 2 }

  func clean(_ time: Double) -> Double {
    var angle =
      phase + 2 * Double.pi * (frequency * time + slope * time * time / 2)
    if time >= changeTime {
      angle += jump + 2 * Double.pi * frequencyStep * (time - changeTime)
    }
    var value = Elementary.sin(angle)
    for harmonic in harmonics {
      value +=
        harmonic.fraction * Elementary.sin(Double(harmonic.order) * angle + harmonic.angle)
    }
    var level = 1.0
    for disturbance in disturbances
    where time >= disturbance.start && time < disturbance.start + disturbance.duration {
      level = disturbance.level
    }
    return 2.0.squareRoot() * volts * level * value
  }

  /// The voltages as a converter would give them.
  func samples() -> [Double] {
    var generator = SplitMix(state: seed)
    return (0..<Int(duration * sampleRate)).map { index in
      // Twelve uniform numbers make a normal one, near enough.
      var normal = -6.0
      for _ in 0..<12 { normal += Double(generator.next() >> 11) / 9_007_199_254_740_992 }
      let value = clean(Double(index) / sampleRate) + noise * normal
      return (value / step).rounded() * step
    }
  }

  /// Zero crossings of the fundamental, from the first rising one.
  func crossings() -> [Double] {
    var times: [Double] = []
    let turns = phase / (2 * Double.pi)
    var half = (turns - 1e-9).rounded(.up) * 2
    while true {
      let cycles = half / 2 - turns
      let time =
        slope == 0
        ? cycles / frequency
        : ((frequency * frequency + 2 * slope * cycles).squareRoot() - frequency) / slope
      guard time <= duration else { return times }
      times.append(max(0, time))
      half += 1
    }
  }

  func rms(from start: Double, to end: Double) -> Double {
    let count = Int((end - start) * 100_000)
    let width = (end - start) / Double(count)
    var sum = 0.0
    for index in 0..<count {
      let value = clean(start + (Double(index) + 0.5) * width)
      sum += value * value
    }
    return (sum / Double(count)).squareRoot()
  }

  func events(nominal: Double = 230) -> [Truth] {
    var detector = VoltageEventDetector(.init(nominal: nominal))
    let crossings = crossings()
    var events: [Truth] = []
    for index in crossings.indices.dropFirst(2) {
      let (start, end) = (crossings[index - 2], crossings[index])
      let sample = Sample(
        nanoseconds: Int64((end * 1e9).rounded()), value: rms(from: start, to: end))
      let change = detector?.accept(sample, windowStart: Int64((start * 1e9).rounded()))
      guard case .ended(let event)? = change else { continue }
      events.append(
        Truth(
          kind: event.kind, windowStart: Double(event.windowStart) / 1e9,
          start: Double(event.start) / 1e9, end: event.end.map { Double($0) / 1e9 },
          extreme: event.extremeFraction))
    }
    return events
  }
}
