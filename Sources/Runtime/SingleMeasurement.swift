public import Board
import Drivers

/// One measurement of one sensor, without a log and without a broker.
public enum SingleMeasurement {
  /// Takes one measurement; a line is listened to for one interval of its sensor first.
  ///
  /// Gives nil where the board has no sensor or bus of that name.
  public static func take<Machine: Hardware>(
    _ name: String, of board: Board, on hardware: Machine, clock: any RuntimeClock
  ) async throws -> Acquisition? {
    guard let index = board.sensors.firstIndex(where: { $0.name == name }) else { return nil }
    let sensor = board.sensors[index]
    let bus = board.buses.first { $0.name == sensor.bus }
    switch sensor.part {
    case .kernel(let driver, let device):
      let worker = KernelWorker(device, driver: driver, hardware: hardware, clock: clock)
      return await worker.acquire().acquisition(of: index, at: clock.now)
    case .i2c(let driver, _):
      guard let bus else { return nil }
      let placement = I2CPlacement(index: index, driver: driver, power: sensor.power)
      let worker = I2CWorker(bus, hardware: hardware, clock: clock, sensors: [placement])
      return try await worker.acquire(index).acquisition(of: index, at: clock.now)
    case .line(let driver, let settings):
      guard let bus else { return nil }
      let worker = LineWorker(
        sensor, driver: driver, settings: settings, on: bus, hardware: hardware, clock: clock)
      worker.start(resuming: [])
      defer { worker.stop() }
      try await clock.sleep(for: sensor.interval)
      return Acquisition(
        sensor: index, moment: clock.now, outcome: worker.measure(),
        calibration: driver.calibration)
    }
  }
}
