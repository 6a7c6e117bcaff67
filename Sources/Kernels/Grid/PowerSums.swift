/// Gathers a block of voltage and current pairs, half cycle by half cycle.
struct PowerSums: Hashable, Sendable {
  let cycles: Int
  private(set) var halves = 0
  private(set) var start = 0.0
  private(set) var length = 0.0
  /// Whether the block began with a measured crossing and the voltage was there throughout.
  private(set) var isSettled = false
  private(set) var isFilled = false
  private var voltages: HarmonicSums
  private var currents: HarmonicSums
  private var squaredVolts = 0.0
  private var squaredAmperes = 0.0
  private var products = 0.0

  init(highestOrder: Int, cycles: Int) {
    self.cycles = cycles
    voltages = HarmonicSums(highestOrder: highestOrder, cycles: cycles)
    currents = voltages
  }

  mutating func removeAll() {
    (halves, length, squaredVolts, squaredAmperes, products) = (0, 0, 0, 0, 0)
    (isSettled, isFilled) = (false, false)
    voltages.removeAll()
    currents.removeAll()
  }

  mutating func open(_ crossing: CycleTracker.Crossing) {
    start = crossing.position
    isSettled = crossing.isSettled
  }

  mutating func add(
    _ span: CycleSpan, _ volts: SampleRing, _ amperes: SampleRing, isTracked: Bool, isFilled: Bool
  ) {
    squaredVolts += span.energy(of: volts)
    squaredAmperes += span.energy(of: amperes)
    products += span.product(of: volts, amperes)
    voltages.add(span, of: volts, half: halves)
    currents.add(span, of: amperes, half: halves)
    length += span.length
    halves += 1
    isSettled = isSettled && isTracked
    self.isFilled = self.isFilled || isFilled
  }

  /// The powers of the block, with the current turned back by a delay in seconds.
  func powers(
    delay: Double, frequency: Double
  ) -> (voltage: Double, current: Double, active: Double, reactive: Double) {
    var active = products / length
    var reactive = 0.0
    let highest = min(voltages.highestOrder, Distortion.highestOrder(length / Double(cycles)))
    for order in 1...max(1, highest) where order <= highest {
      let (v, i) = (voltages.phasor(order), currents.phasor(order))
      let turn = 2 * Double.pi * frequency * delay * Double(order)
      let (c, s) = (Elementary.cos(turn), Elementary.sin(turn))
      // In phase with a sine is real, in quadrature imaginary: I turned by -turn.
      let (sine, cosine) = (i.sine * c + i.cosine * s, i.cosine * c - i.sine * s)
      if delay != 0 {
        active += v.sine * (sine - i.sine) + v.cosine * (cosine - i.cosine)
      }
      if order == 1 { reactive = v.cosine * sine - v.sine * cosine }
    }
    return (
      (squaredVolts / length).squareRoot(), (squaredAmperes / length).squareRoot(), active,
      reactive
    )
  }
}
