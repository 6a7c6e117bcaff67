public import Board
public import Buses

/// Opens what a board file names: real devices, or models of them.
public protocol Hardware: Sendable {
  /// An I2C bus.
  associatedtype Bus: I2CBus
  /// An input line.
  associatedtype Line: InputLine

  /// A line that switches a supply.
  associatedtype Power: OutputLine

  /// A device of the kernel.
  associatedtype Device: KernelDevice

  /// Opens an I2C bus; called again after the bus was given up.
  func openBus(_ declaration: BusDeclaration) throws(I2CFailure) -> Bus

  /// Opens the line of a sensor.
  func openLine(
    of sensor: SensorDeclaration, _ settings: LineSettings, on bus: BusDeclaration
  ) throws(LineFailure) -> Line

  /// Opens the line that switches a supply, and drives it on at once.
  func openPower(_ power: PowerDeclaration) throws(LineFailure) -> Power

  /// Finds a device of the kernel and opens it; called again after the device was given up.
  func openKernelDevice(_ name: KernelDeviceName) throws(KernelDeviceFailure) -> Device
}
