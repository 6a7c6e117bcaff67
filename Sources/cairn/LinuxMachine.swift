import Board
import Buses
import LinuxGPIO
import LinuxI2C
import LinuxKernelDevices
import Runtime

/// The buses, lines and kernel devices of the machine.
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

  func openPower(_ power: PowerDeclaration) throws(LineFailure) -> OutputLineReference<
    LinuxOutputLine
  > {
    guard case .lines(let chip) = power.bus.device else {
      throw LineFailure(.unsupported, detail: "'\(power.bus.name)' is not a real chip of lines")
    }
    // A board that stops leaves its sensors powered, as others may read them.
    let line = try LinuxOutputLine(
      chip: GPIOChipSelector(parsing: chip), line: .offset(power.offset), initially: true,
      safe: true, isActiveLow: power.isActiveLow)
    return OutputLineReference(line)
  }

  func openKernelDevice(
    _ name: KernelDeviceName
  ) throws(KernelDeviceFailure) -> KernelDeviceReference<LinuxKernelDevice> {
    KernelDeviceReference(try LinuxKernelDevice(opening: name))
  }
}
