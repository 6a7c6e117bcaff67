import Configuration
import Quantities

extension Board {
  /// The keys of `power`.
  static var powerOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "on", .text(example: "header"), .required, help: "the chip of lines, by its name"),
      OptionSpecification(
        "line", .integer(0...1023), .required, help: "the line's number on its chip"),
      OptionSpecification(
        "active-low", .flag, .standard("no"), help: "whether a low level switches the supply on"),
      OptionSpecification(
        "off", .quantity(.duration, 10_000_000...60_000_000_000), .standard("1 s"),
        help: "how long the supply stays off when it is cycled"),
      OptionSpecification(
        "settle", .quantity(.duration, 0...60_000_000_000), .standard("100 ms"),
        help: "how long the parts then need before they answer"),
    ]
  }
}

extension BoardReader {
  /// A supply that a sensor names, and where.
  struct NamedPower {
    let power: PowerDeclaration
    let sensor: String
    let sensorBus: String
    let position: Position
  }

  /// The line that switches a sensor's supply, where its mapping names one.
  mutating func readPower(
    _ values: OptionValues, sensor: String, on sensorBus: BusDeclaration?
  ) -> PowerDeclaration? {
    if values.isWritten("power"), let sensorBus, !sensorBus.device.isI2C {
      report(
        values.keyPosition(of: "power"), "'power' stands at a sensor on a line",
        remedy: "remove it, for it serves chips on an I2C bus")
      return nil
    }
    guard let section = values.section("power"), let name = section.text("on"),
      let line = section.integer("line"), let off = section.duration("off"),
      let settle = section.duration("settle")
    else { return nil }
    guard let bus = busKinds[name], !bus.device.isI2C else {
      if busKinds[name] != nil {
        report(
          section.position(of: "on"), "'power' needs a chip of lines, but '\(name)' is an I2C bus",
          remedy: "name a bus with 'gpiochip'")
      } else if !busNames.contains(name), !busNames.isEmpty {
        report(
          section.position(of: "on"), "unknown bus '\(name)'",
          remedy: suggestion(for: name, among: busNames))
      }
      return nil
    }
    let power = PowerDeclaration(
      bus: bus, offset: line, isActiveLow: section.flag("active-low") ?? false, off: off,
      settle: settle)
    if let sensorBus {
      powers.append(
        NamedPower(
          power: power, sensor: sensor, sensorBus: sensorBus.name,
          position: section.position(of: "line")
        ))
    }
    return power
  }

  /// A supply may serve several sensors, but only of one bus, and only if they say the same of it.
  mutating func checkPowers(lines: [String: [Int: String]]) {
    for (index, named) in powers.enumerated() {
      let (power, place) = (named.power, "line \(named.power.offset) on '\(named.power.bus.name)'")
      if let sensor = lines[power.bus.name]?[power.offset] {
        report(
          named.position, "\(place) switches a supply and is listened to by '\(sensor)'",
          remedy: "give one of them another line")
      }
      guard
        let other = powers[..<index].first(where: {
          $0.power.bus == power.bus && $0.power.offset == power.offset
        })
      else { continue }
      if other.sensorBus != named.sensorBus {
        report(
          named.position,
          "\(place) switches the supply of '\(other.sensor)' on another bus in line"
            + " \(other.position.line)",
          remedy: "give them a line each, or put both on one bus")
      } else if other.power != power {
        report(
          named.position,
          "\(place) is described otherwise at '\(other.sensor)' in line \(other.position.line)",
          remedy: "write the same 'power' at both")
      }
    }
  }
}
