public import Buses

/// Makes models of parts by the names of their drivers.
public enum VirtualParts {
  /// The drivers whose chips have a model, in the order of their names.
  public static let chipDrivers = ["bme280", "ina226", "sht3x"]

  /// The drivers whose lines have a model, in the order of their names.
  public static let lineDrivers = ["pulse-counter", "zero-crossing"]

  /// The names of the signals that the model for a driver needs; nil where there is no model.
  ///
  /// Units: `temperature` °C, `humidity` %RH, `pressure` Pa, `voltage` V, `current` A, `rate`
  /// pulses a second, `frequency` Hz.
  public static func stimuli(ofDriver driver: String) -> [String]? {
    switch driver {
    case "bme280": ["temperature", "humidity", "pressure"]
    case "sht3x": ["temperature", "humidity"]
    case "ina226": ["voltage", "current"]
    case "pulse-counter": ["rate"]
    case "zero-crossing": ["frequency"]
    default: nil
    }
  }

  /// The model of the chip behind a driver, with a signal for each of `stimuli(ofDriver:)`.
  ///
  /// An `ina226` needs the resistance of its shunt, in ohm; the others do not look at it.
  public static func chip(
    driver: String, stimuli signals: [String: Signal], shuntOhm: Double? = nil
  ) throws(VirtualPartFailure) -> any VirtualChip {
    guard chipDrivers.contains(driver) else {
      throw .unknownDriver(driver, known: chipDrivers)
    }
    let given = try ordered(signals, of: driver)
    switch driver {
    case "ina226":
      guard let shuntOhm else { throw .missingShunt }
      guard let chip = VirtualINA226(voltage: given[0], current: given[1], shuntOhm: shuntOhm)
      else { throw .unusableShunt("\(shuntOhm)") }
      return chip
    case "bme280":
      if let chip = VirtualBME280(temperature: given[0], humidity: given[1], pressure: given[2]) {
        return chip
      }
    case "sht3x":
      return VirtualSHT3x(temperature: given[0], humidity: given[1])
    default: break
    }
    throw .unknownDriver(driver, known: chipDrivers)
  }

  /// The model of the line behind a driver, with a signal for each of `stimuli(ofDriver:)`.
  public static func line(
    driver: String, stimuli signals: [String: Signal], now: @escaping @Sendable () -> Int64,
    wait: @escaping @Sendable (Duration) -> Void
  ) throws(VirtualPartFailure) -> any InputLine & Sendable {
    guard lineDrivers.contains(driver) else {
      throw .unknownDriver(driver, known: lineDrivers)
    }
    let given = try ordered(signals, of: driver)
    return driver == "pulse-counter"
      ? VirtualPulseLine(rate: given[0], now: now, wait: wait)
      : VirtualMainsLine(frequency: given[0], now: now, wait: wait)
  }

  /// The signals in the order of `stimuli(ofDriver:)`: all of them and no others.
  private static func ordered(
    _ signals: [String: Signal], of driver: String
  ) throws(VirtualPartFailure) -> [Signal] {
    let needed = stimuli(ofDriver: driver) ?? []
    if let extra = signals.keys.filter({ !needed.contains($0) }).min() {
      throw .unknownStimulus(extra, driver: driver, known: needed)
    }
    var result: [Signal] = []
    for name in needed {
      guard let signal = signals[name] else { throw .missingStimulus(name, driver: driver) }
      result.append(signal)
    }
    return result
  }
}

/// Why there is no model of a part.
public enum VirtualPartFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// No part of the driver has a model.
  case unknownDriver(String, known: [String])
  /// The model needs a stimulus that is not given.
  case missingStimulus(String, driver: String)
  /// The model does not take a stimulus.
  case unknownStimulus(String, driver: String, known: [String])
  /// The model needs the resistance of the shunt.
  case missingShunt
  /// The resistance of the shunt is not positive.
  case unusableShunt(String)

  /// What is wrong.
  public var message: String {
    switch self {
    case .unknownDriver(let driver, _): "there is no model of a part for driver '\(driver)'"
    case .missingStimulus(let name, let driver): "the model of '\(driver)' needs '\(name)'"
    case .unknownStimulus(let name, let driver, _):
      "the model of '\(driver)' does not take '\(name)'"
    case .missingShunt: "the model of 'ina226' needs the resistance of the shunt"
    case .unusableShunt(let ohm): "a shunt cannot have \(ohm) ohm"
    }
  }

  /// What to write instead.
  public var remedy: String {
    switch self {
    case .unknownDriver(_, let known): "use one of " + known.joined(separator: ", ")
    case .missingStimulus(let name, _):
      "add for example '\(name): 21.5' or '\(name): RECORDING.COLUMN'"
    case .unknownStimulus(_, _, let known): "use " + known.joined(separator: ", ")
    case .missingShunt, .unusableShunt: "write for example '0.1 ohm'"
    }
  }

  /// What is wrong; what to write instead.
  public var description: String { "\(message); \(remedy)" }
}
