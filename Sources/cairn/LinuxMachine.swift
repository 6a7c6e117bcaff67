import Board
import Buses
import LinuxGPIO
import LinuxI2C
import Runtime

/// The buses and lines of the machine.
struct LinuxMachine: Hardware {
  func openBus(
    _ declaration: BusDeclaration
  ) throws(I2CFailure) -> I2CBusReference<LinuxI2CBus> {
    guard case .i2c(let path) = declaration.device else {
      throw I2CFailure(.unsupported, detail: "'\(declaration.name)' is not a real I2C bus")
    }
    return I2CBusReference(try LinuxI2CBus(opening: path))
  }

  func openLine(
    of sensor: SensorDeclaration, _ settings: LineSettings, on bus: BusDeclaration
  ) throws(LineFailure) -> InputLineReference<LinuxInputLine> {
    guard case .lines(let chip) = bus.device else {
      throw LineFailure(.unsupported, detail: "'\(bus.name)' is not a real chip of lines")
    }
    let line = try LinuxInputLine(
      chip: GPIOChipSelector(parsing: chip), line: .offset(settings.offset), bias: settings.bias,
      isActiveLow: settings.isActiveLow, edges: .both)
    return InputLineReference(line)
  }
}
