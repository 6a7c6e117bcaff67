/// A model of the Bosch BME280 sensor of temperature, pressure and humidity, on I2C.
///
/// It has the calibration of one real chip and stores the raw codes that compensate to its signals.
/// Measurements take the longest time that the data sheet allows. Pressure and temperature have 16
/// to 20 bits by their oversampling, or 20 with the filter. Until its memory is copied, 2 ms after
/// power-on or a reset, calibration reads as zero and settings are not taken.
///
/// Not modelled: SPI, noise, and the short copying of the memory before every measurement.
/// Source: BST-BME280-DS002 sections 3.3 (modes), 3.4 (flow), 5.3 (registers), 6.2 (I2C), 9.1
/// (times).
public struct VirtualBME280: VirtualChip {
  /// What is wrong with it.
  public var fault: VirtualFault?

  private let temperature: Signal
  private let humidity: Signal
  private let pressure: Signal
  private let calibration: [UInt8]
  private let compensation: BME280Compensation

  private var pointer: UInt8 = 0
  private var humidityControl: UInt8 = 0
  private var latchedHumidityControl: UInt8 = 0
  private var measurementControl: UInt8 = 0
  private var configuration: UInt8 = 0
  private var data = Self.emptyData
  private var filtered: (temperature: Double, pressure: Double)?
  private var copyingUntil = Int64.min
  /// When the running measurement, or in normal mode the next one, starts.
  private var measuringFrom: Int64?
  private var deferredControl: UInt8?

  /// The calibration bytes of a real chip: 0x88 to 0xA1, then 0xE1 to 0xE7.
  public static let sampleCalibration: [UInt8] = [
    0x10, 0x6E, 0x6C, 0x66, 0x32, 0x00, 0x5D, 0x95, 0xB8, 0xD5, 0xD0, 0x0B, 0x77, 0x1E, 0x9D, 0xFF,
    0xF9, 0xFF, 0xAC, 0x26, 0x0A, 0xD8, 0xBD, 0x10, 0x00, 0x4B, 0x6E, 0x01, 0x00, 0x13, 0x05, 0x00,
    0x1E,
  ]

  private static let emptyData: [UInt8] = [0x80, 0, 0, 0x80, 0, 0, 0x80, 0]
  private static let startUpNanoseconds: Int64 = 2_000_000

  /// A chip that measures signals in degrees Celsius, %RH and pascal.
  ///
  /// Nil unless `calibration` has 33 bytes, those of 0x88 to 0xA1 and of 0xE1 to 0xE7.
  public init?(
    temperature: Signal, humidity: Signal, pressure: Signal,
    calibration: [UInt8] = Self.sampleCalibration
  ) {
    guard let compensation = BME280Compensation(calibration) else { return nil }
    self.temperature = temperature
    self.humidity = humidity
    self.pressure = pressure
    self.calibration = calibration
    self.compensation = compensation
  }

  /// Whether all signals have a value.
  public func answers(at nanoseconds: Int64) -> Bool {
    temperature.value(at: nanoseconds) != nil && humidity.value(at: nanoseconds) != nil
      && pressure.value(at: nanoseconds) != nil
  }

  /// Takes a register's number, then pairs of a value and the next register's number.
  public mutating func write(_ bytes: [UInt8], at nanoseconds: Int64) -> Bool {
    advance(to: nanoseconds)
    for (index, byte) in bytes.enumerated() {
      if index % 2 == 0 { pointer = byte } else { set(byte, at: nanoseconds) }
    }
    return true
  }

  /// The registers from the last number that was written, counting up.
  public mutating func read(_ count: Int, at nanoseconds: Int64) -> [UInt8]? {
    advance(to: nanoseconds)
    var answer: [UInt8] = []
    for _ in 0..<count {
      answer.append(register(pointer, at: nanoseconds))
      pointer &+= 1
    }
    return answer
  }

  /// Brings every register to its power-on value and copies the memory anew.
  public mutating func powerCycle(at nanoseconds: Int64) {
    pointer = 0
    humidityControl = 0
    latchedHumidityControl = 0
    measurementControl = 0
    configuration = 0
    data = Self.emptyData
    filtered = nil
    measuringFrom = nil
    deferredControl = nil
    copyingUntil = nanoseconds + Self.startUpNanoseconds
  }

  private func register(_ number: UInt8, at nanoseconds: Int64) -> UInt8 {
    let isCopying = nanoseconds < copyingUntil
    switch number {
    case 0x88...0xA1: return isCopying ? 0 : calibration[Int(number) - 0x88]
    case 0xE1...0xE7: return isCopying ? 0 : calibration[Int(number) - 0xE1 + 26]
    case 0xD0: return 0x60
    case 0xF2: return humidityControl
    case 0xF3:
      let isMeasuring = measuringFrom.map { $0 <= nanoseconds } ?? false
      return (isMeasuring ? 0x08 : 0) | (isCopying ? 0x01 : 0)
    case 0xF4: return measurementControl
    case 0xF5: return configuration
    case 0xF7...0xFE: return data[Int(number) - 0xF7]
    default: return 0
    }
  }

  private mutating func set(_ value: UInt8, at nanoseconds: Int64) {
    if pointer == 0xE0 {
      if value == 0xB6 { powerCycle(at: nanoseconds) }
      return
    }
    guard nanoseconds >= copyingUntil else { return }
    let isMeasuring = measuringFrom.map { $0 <= nanoseconds } ?? false
    switch pointer {
    case 0xF2:
      // Ignored while a change of mode waits for the end of a measurement (section 3.3.1).
      if deferredControl == nil { humidityControl = value & 0x07 }
    case 0xF4 where isMeasuring:
      if deferredControl == nil { deferredControl = value }
    case 0xF4:
      control(value, at: nanoseconds)
    case 0xF5:
      // Not taken in normal mode (section 5.4.6).
      if measurementControl & 3 != 3 {
        configuration = value & 0xFD
        filtered = nil
      }
    default: break
    }
  }

  /// Takes the oversampling and the mode, and the humidity's oversampling that waits for them.
  private mutating func control(_ value: UInt8, at nanoseconds: Int64) {
    latchedHumidityControl = humidityControl
    measurementControl = value
    measuringFrom = value & 3 == 0 ? nil : nanoseconds
  }

  private mutating func advance(to nanoseconds: Int64) {
    guard fault != .neverReady else { return }
    while var start = measuringFrom, start + measurementNanoseconds <= nanoseconds {
      let isNormal = measurementControl & 3 == 3
      let cycle = measurementNanoseconds + standbyNanoseconds
      // Of many unseen measurements only the last leave a trace, in the filter.
      let unseen = (nanoseconds - start - measurementNanoseconds) / cycle
      if isNormal, unseen > 64 { start += (unseen - 64) * cycle }
      store(at: start)
      let end = start + measurementNanoseconds
      measuringFrom = isNormal ? start + cycle : nil
      if !isNormal { measurementControl &= 0xFC }
      if let value = deferredControl {
        deferredControl = nil
        control(value, at: end)
      }
    }
  }

  private mutating func store(at nanoseconds: Int64) {
    guard let celsius = temperature.value(at: nanoseconds),
      let percent = humidity.value(at: nanoseconds), let pascal = pressure.value(at: nanoseconds)
    else { return }
    let coefficient = [1.0, 2, 4, 8, 16][min(Int(configuration >> 2 & 7), 4)]
    func step(_ oversampling: UInt8) -> Int {
      coefficient > 1 ? 1 : 1 << (5 - min(Int(oversampling), 5))
    }
    func smooth(_ code: Int, _ previous: Double?) -> Double {
      previous.map { $0 + (Double(code) - $0) / coefficient } ?? Double(code)
    }
    let temperatureSetting = measurementControl >> 5
    let pressureSetting = measurementControl >> 2 & 7
    var temperatureCode = 0x80000
    var pressureCode = 0x80000
    var humidityCode = 0x8000
    var fine = compensation.temperature(
      ofCode: compensation.code(ofCelsius: celsius, step: 1)
    ).fine
    var memory = (temperature: filtered?.temperature, pressure: filtered?.pressure)
    if temperatureSetting > 0 {
      let code = compensation.code(ofCelsius: celsius, step: step(temperatureSetting))
      let value = smooth(code, memory.temperature)
      memory.temperature = value
      temperatureCode = Int(value.rounded())
      // Whoever reads will compensate with the temperature that he reads.
      fine = compensation.temperature(ofCode: temperatureCode).fine
    }
    if pressureSetting > 0 {
      let code = compensation.code(ofPascal: pascal, fine: fine, step: step(pressureSetting))
      let value = smooth(code, memory.pressure)
      memory.pressure = value
      pressureCode = Int(value.rounded())
    }
    if let first = memory.temperature, let second = memory.pressure, coefficient > 1 {
      filtered = (first, second)
    }
    if latchedHumidityControl > 0 {
      humidityCode = compensation.code(ofPercent: percent, fine: fine)
    }
    data = Self.bytes(of20Bits: pressureCode) + Self.bytes(of20Bits: temperatureCode)
    data += [UInt8(humidityCode >> 8), UInt8(humidityCode & 0xFF)]
  }

  /// The bytes msb, lsb and xlsb; the low half of the last is empty.
  private static func bytes(of20Bits code: Int) -> [UInt8] {
    [UInt8(code >> 12 & 0xFF), UInt8(code >> 4 & 0xFF), UInt8(code << 4 & 0xF0)]
  }

  /// The longest time of a measurement with the present oversampling (section 9.1).
  private var measurementNanoseconds: Int64 {
    func samples(_ setting: UInt8) -> Int64 { setting == 0 ? 0 : 1 << (min(Int64(setting), 5) - 1) }
    let temperature = samples(measurementControl >> 5)
    let pressure = samples(measurementControl >> 2 & 7)
    let humidity = samples(latchedHumidityControl)
    return 1_250_000 + 2_300_000 * (temperature + pressure + humidity)
      + (pressure > 0 ? 575_000 : 0) + (humidity > 0 ? 575_000 : 0)
  }

  /// The time between two measurements of normal mode (section 5.4.6, table 27).
  private var standbyNanoseconds: Int64 {
    [
      500_000, 62_500_000, 125_000_000, 250_000_000, 500_000_000, 1_000_000_000, 10_000_000,
      20_000_000,
    ][Int(configuration >> 5)]
  }
}
