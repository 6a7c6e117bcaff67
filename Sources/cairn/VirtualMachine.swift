import Board
import Buses
import Configuration
import Dispatch
import Drivers
import LinuxPlatform
import Quantities
import Runtime
import VirtualHardware

/// The buses of a simulated board: models that the real drivers read like hardware.
struct VirtualMachine: Hardware {
  /// A line's model, whichever it is.
  struct Line: InputLine {
    var model: any InputLine & Sendable

    mutating func level() throws(LineFailure) -> Bool { try model.level() }

    mutating func nextEdge(within limit: Duration) throws(LineFailure) -> LineEdge? {
      try model.nextEdge(within: limit)
    }
  }

  /// A switch of a supply that models do not notice.
  struct Power: OutputLine {
    mutating func drive(active: Bool) throws(LineFailure) {}
  }

  /// A device of the kernel, of which there is no model.
  struct Device: KernelDevice {
    mutating func attributes() throws(KernelDeviceFailure) -> [String] { throw Self.refusal }

    mutating func attribute(_ name: String) throws(KernelDeviceFailure) -> String {
      throw Self.refusal
    }

    static let refusal = KernelDeviceFailure(
      .unsupported, detail: "a simulated board reads no device of the kernel")
  }

  let board: Board
  let simulation: Simulation
  let clock: LinuxClock

  func openBus(_ declaration: BusDeclaration) throws(I2CFailure) -> VirtualI2CBus {
    let clock = clock
    var bus = VirtualI2CBus(now: { clock.monotonicNanoseconds })
    for sensor in board.sensors where sensor.bus == declaration.name {
      guard case .i2c(_, let address) = sensor.part else { continue }
      if let exchanges = simulation.played[sensor.name] {
        bus.attach(PlayedChip(exchanges), at: address)
        continue
      }
      do {
        let chip = try VirtualParts.chip(
          driver: sensor.specification.name, stimuli: simulation.signals[sensor.name] ?? [:],
          shuntOhm: sensor.options.quantity("shunt")?.value)
        bus.attach(chip, at: address)
      } catch {
        throw I2CFailure(.unsupported, detail: "sensor '\(sensor.name)': \(error)")
      }
    }
    return bus
  }

  func openPower(_ power: PowerDeclaration) throws(LineFailure) -> Power { Power() }

  func openKernelDevice(_ name: KernelDeviceName) throws(KernelDeviceFailure) -> Device {
    throw Device.refusal
  }

  func openLine(
    of sensor: SensorDeclaration, _ settings: LineSettings, on bus: BusDeclaration
  ) throws(LineFailure) -> Line {
    let clock = clock
    do {
      let model = try VirtualParts.line(
        driver: sensor.specification.name, stimuli: simulation.signals[sensor.name] ?? [:],
        now: { clock.monotonicNanoseconds },
        wait: { duration in
          _ = DispatchSemaphore(value: 0).wait(
            timeout: .now() + .nanoseconds(Int(max(0, duration.nanoseconds))))
        })
      return Line(model: model)
    } catch {
      throw LineFailure(.unsupported, detail: "\(error)")
    }
  }
}
