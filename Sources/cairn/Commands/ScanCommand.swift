import ArgumentParser
import Board
import Buses
import Configuration
import Drivers
import LinuxGPIO
import LinuxI2C
import LinuxKernelDevices
import LinuxPlatform
import VirtualHardware

/// `cairn scan`: what is on the buses.
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "List buses, the addresses that answer and the drivers that recognise them.",
    discussion: """
      Without FILE, the I2C adapters, line chips and measuring devices of the kernel (hwmon, iio) \
      are listed, the last with the keys to write; with it, the I2C buses that it names, virtual \
      ones too. A driver is asked only about the addresses that its chips have, and only reads.
      """)

  @Argument(help: "A board file.")
  var file: String?

  func run() throws {
    if let file {
      try scan(try BoardFile.load(file))
    } else {
      scanMachine()
    }
  }

  private func scanMachine() {
    let adapters = LinuxI2CBus.buses()
    if adapters.isEmpty {
      StandardStream.output.line(
        "no I2C adapters: /dev/i2c-* is empty; load i2c-dev, or enable I2C in the firmware's settings"
      )
    }
    for adapter in adapters {
      StandardStream.output.line("\(adapter.path)  \(adapter.name)")
      scan(adapter.path)
    }
    for chip in GPIOChip.chips() {
      StandardStream.output.line("\(chip.path)  \(chip.label), \(chip.lineCount) lines")
    }
    for line in KernelDeviceText.lines(devices: kernelDevices) { StandardStream.output.line(line) }
  }

  private func scan(_ file: BoardFile) throws {
    for bus in file.board.buses where bus.device.isI2C {
      switch bus.device {
      case .i2c(let path):
        StandardStream.output.line("\(bus.name)  \(path)")
        scan(path)
      default:
        StandardStream.output.line("\(bus.name)  virtual")
        guard let simulation = file.simulation else { continue }
        let machine = VirtualMachine(
          board: file.board, simulation: simulation, clock: LinuxClock(isSimulated: true))
        do {
          var opened = try machine.openBus(bus)
          for address in opened.addresses { report(address, on: &opened) }
        } catch {
          StandardStream.output.line("  \(error)")
        }
      }
    }
  }

  private var kernelDevices: [LinuxKernelDevice.Listed] {
    KernelSubsystem.allCases.flatMap { LinuxKernelDevice.devices(of: $0) }
  }

  private func scan(_ path: String) {
    do throws(I2CFailure) {
      var bus = try LinuxI2CBus(opening: path)
      var found = 0
      for address in I2CAddress.usable.compactMap({ I2CAddress(Int($0)) }) {
        switch try bus.probe(address) {
        case .silent: continue
        case .answers: report(address, on: &bus)
        case .ownedByKernel(let name):
          let owner = bus.kernelName(of: address)
          StandardStream.output.line(
            "  \(address)  owned by the kernel driver \(name ?? "of an unknown name")"
              + KernelDeviceText.remedy(owner: owner, devices: kernelDevices))
        }
        found += 1
      }
      if found == 0 { StandardStream.output.line("  nothing answers") }
    } catch {
      StandardStream.output.line("  \(error)")
    }
  }

  private func report<Bus: I2CBus & ~Copyable>(_ address: I2CAddress, on bus: inout Bus) {
    let names = Self.drivers(recognising: address, on: &bus)
    let text = names.isEmpty ? "answers; no driver recognises it" : names.joined(separator: ", ")
    StandardStream.output.line("  \(address)  \(text)")
  }

  /// The drivers whose identity check passes; those that cannot tell their chip are left out.
  private static func drivers<Bus: I2CBus & ~Copyable>(
    recognising address: I2CAddress, on bus: inout Bus
  ) -> [String] {
    var names: [String] = []
    for type in DriverCatalogue.i2c {
      let specification = type.specification
      guard case .i2c(let addresses) = specification.attachment, addresses.contains(address),
        let options = exampleOptions(specification),
        var driver = try? type.init(options: options, address: address)
      else { continue }
      if (try? driver.identify(on: &bus)) != nil { names.append(specification.name) }
    }
    return names
  }

  /// Options that make a driver, with examples where it requires something; only its identity
  /// check is used.
  private static func exampleOptions(_ specification: DriverSpecification) -> OptionValues? {
    let start = Position(line: 1, column: 1)
    let required = specification.options.filter { $0.absence == .required }.map { option in
      ConfigurationNode.Entry(
        key: option.name, position: start,
        value: ConfigurationNode(.scalar(option.kind.example), at: start))
    }
    var reader = OptionReader()
    return reader.section(
      ConfigurationNode(.mapping(required), at: start), specification.options,
      called: specification.name)
  }
}
