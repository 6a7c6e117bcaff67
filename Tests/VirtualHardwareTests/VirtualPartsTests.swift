import Buses
import Testing

@testable import VirtualHardware

@Suite struct VirtualPartsTests {
  private let one = Signal(constant: 1)

  private func signals(_ driver: String) throws -> [String: Signal] {
    let names = try #require(VirtualParts.stimuli(ofDriver: driver))
    return Dictionary(uniqueKeysWithValues: names.map { ($0, one) })
  }

  @Test func `makes every part that it names`() throws {
    let clock = ManualClock()
    let chip = { (driver: String) throws -> any VirtualChip in
      try VirtualParts.chip(driver: driver, stimuli: signals(driver), shuntOhm: 0.1)
    }
    #expect(try chip("bme280") is VirtualBME280)
    #expect(try chip("sht3x") is VirtualSHT3x)
    #expect(try chip("ina226") is VirtualINA226)
    #expect(VirtualParts.chipDrivers == ["bme280", "ina226", "sht3x"])
    #expect(VirtualParts.lineDrivers == ["pulse-counter", "zero-crossing"])
    for driver in VirtualParts.lineDrivers {
      var line = try VirtualParts.line(
        driver: driver, stimuli: signals(driver), now: clock.read, wait: clock.wait)
      let edge = try line.nextEdge(within: .seconds(5))
      #expect(edge?.direction == .rising)
    }
  }

  @Test func `says which drivers have a model`() throws {
    let clock = ManualClock()
    for driver in ["bme281", "pulse-counter"] {
      #expect(
        throws: VirtualPartFailure.unknownDriver(driver, known: ["bme280", "ina226", "sht3x"])
      ) { _ = try VirtualParts.chip(driver: driver, stimuli: [:]) }
    }
    #expect(
      throws: VirtualPartFailure.unknownDriver("sht3x", known: ["pulse-counter", "zero-crossing"])
    ) {
      _ = try VirtualParts.line(
        driver: "sht3x", stimuli: [:], now: clock.read, wait: clock.wait)
    }
    #expect(
      VirtualPartFailure.unknownDriver("x", known: ["a", "b"]).description
        == "there is no model of a part for driver 'x'; use one of a, b")
    #expect(VirtualParts.stimuli(ofDriver: "x") == nil)
  }

  @Test func `wants each stimulus once and no other`() throws {
    #expect(throws: VirtualPartFailure.missingStimulus("humidity", driver: "sht3x")) {
      _ = try VirtualParts.chip(driver: "sht3x", stimuli: ["temperature": one])
    }
    #expect(
      throws: VirtualPartFailure.unknownStimulus(
        "pressure", driver: "sht3x", known: ["temperature", "humidity"])
    ) {
      _ = try VirtualParts.chip(
        driver: "sht3x", stimuli: ["temperature": one, "humidity": one, "pressure": one])
    }
    let electrical = ["voltage": one, "current": one]
    #expect(throws: VirtualPartFailure.missingShunt) {
      _ = try VirtualParts.chip(driver: "ina226", stimuli: electrical)
    }
    #expect(throws: VirtualPartFailure.unusableShunt("0.0")) {
      _ = try VirtualParts.chip(driver: "ina226", stimuli: electrical, shuntOhm: 0)
    }
  }
}
