public import Buses

/// A line that switches a supply of scripted hardware.
public struct ScriptedPower: OutputLine, Sendable {
  let offset: Int
  let hardware: ScriptedHardware

  /// Switches the supply, which the script notes.
  public mutating func drive(active: Bool) throws(LineFailure) {
    hardware.switchPower(offset, isOn: active)
  }
}
