import Board
import Buses
import Drivers

/// Where a sensor on an I2C bus is, and what switches its supply.
struct I2CPlacement: Sendable {
  /// The sensor's place in the board's list.
  let index: Int
  /// Its driver.
  let driver: any I2CSensor
  /// The line that switches its supply, where the board file names one.
  var power: PowerDeclaration?
}

/// The lines that switch supplies of one bus's sensors, each opened once and held.
struct PowerSwitches<Machine: Hardware> {
  private struct Switch {
    var line: Machine.Power?
    var backOff = BackOff()
    var cause = ""
  }

  private let hardware: Machine
  private var switches: [PowerDeclaration: Switch] = [:]

  init(hardware: Machine) {
    self.hardware = hardware
  }

  /// Switches a supply on where that was not done yet; gives the cause where it cannot be done.
  mutating func switchOn(_ power: PowerDeclaration, now: Int64) -> String? {
    var known = switches[power] ?? Switch()
    defer { switches[power] = known }
    guard known.line == nil else { return nil }
    guard known.backOff.isDue(now) else { return known.cause }
    do throws(LineFailure) {
      known.line = try hardware.openPower(power)
      known.backOff = BackOff()
      return nil
    } catch {
      known.backOff.fail(now: now)
      known.cause = "power line \(power.offset) of '\(power.bus.name)': \(error)"
      return known.cause
    }
  }

  /// Switches a supply off or on; one whose line fails is given up, and opened, and so switched on,
  /// with the next attempt.
  mutating func drive(_ power: PowerDeclaration, isOn: Bool) {
    guard var line = switches[power]?.line else { return }
    do throws(LineFailure) {
      try line.drive(active: isOn)
      switches[power]?.line = line
    } catch {
      switches[power]?.line = nil
    }
  }
}
