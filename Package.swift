// swift-tools-version: 6.2
import PackageDescription

// Every target is compiled the same way: Swift 6 language mode, the upcoming features below, and
// warnings are errors.
let settings: [SwiftSetting] = [
  // SE-0335: an existential is written `any P`.
  .enableUpcomingFeature("ExistentialAny"),
  // SE-0409: an import is internal unless it says otherwise.
  .enableUpcomingFeature("InternalImportsByDefault"),
  // SE-0444: a member is visible only where its module is imported.
  .enableUpcomingFeature("MemberImportVisibility"),
  // Swift 6.2 wants to be told that a buffer that is filled stays the same buffer; later ones infer it.
  .enableExperimentalFeature("Lifetimes"),
  .treatAllWarnings(as: .error),
]

let cSettings: [CSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let lifecycleTests: Target.Dependency = .product(
  name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

func floor(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
  resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, resources: resources,
    swiftSettings: settings)
}

let package = Package(
  name: "cairn",
  products: [
    .executable(name: "cairn", targets: ["cairn"]),
    .library(name: "BusesTesting", targets: ["BusesTesting"]),
    .library(name: "RuntimeTesting", targets: ["RuntimeTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // MARK: C
    .target(
      name: "CGPIO", cSettings: cSettings, linkerSettings: [.linkedLibrary("gpiod")]),
    .target(name: "CI2C", cSettings: cSettings, linkerSettings: [.linkedLibrary("i2c")]),
    .target(name: "CPlatform", cSettings: cSettings),
    .systemLibrary(
      name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
    .target(name: "CCurl", cSettings: cSettings),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

    // MARK: Floor 0
    floor("Quantities"),
    floor("Buses"),
    floor("JSONText"),
    floor("Kernels"),
    floor("Configuration", ["JSONText", "Quantities"]),
    floor("MerkleLog", [crypto]),
    floor("Evidence", [crypto, "JSONText", "MerkleLog"]),

    // MARK: Floor 1
    floor("Drivers", ["Buses", "Configuration", "Quantities"]),
    floor(
      "Board",
      ["Buses", "Configuration", "Drivers", "JSONText", "Kernels", "MerkleLog", "Quantities"]),
    floor("VirtualHardware", ["Buses", "Quantities"]),

    // MARK: Floor 2
    floor(
      "Runtime",
      [
        "Board", "Buses", "Configuration", "Drivers", "Evidence", "JSONText", "Kernels",
        "MerkleLog", "Quantities", logging, lifecycle,
      ]),

    floor("Replay", ["Board", "Drivers", "Evidence", "Kernels", "Quantities"]),

    // MARK: Floor 3
    floor("LinuxI2C", ["Buses", "CI2C"]),
    floor("LinuxGPIO", ["Buses", "CGPIO"]),
    floor("LinuxKernelDevices", ["Buses"]),
    floor("LinuxPlatform", ["Evidence", "Runtime", "CPlatform"]),
    floor("LogDirectory", ["Evidence", "MerkleLog", "CPlatform"]),
    floor("MQTTTransport", ["Runtime", "CMosquitto"]),
    floor("HTTPTransport", ["Runtime", "CCurl"]),
    floor("BoardYAML", ["Configuration", "CYAML"]),

    // MARK: Floor 4
    .executableTarget(
      name: "cairn",
      dependencies: [
        "Board", "BoardYAML", "Buses", "Configuration", "Drivers", "Evidence",
        "HTTPTransport", "JSONText", "Kernels", "LinuxGPIO", "LinuxI2C", "LinuxKernelDevices",
        "LinuxPlatform",
        "LogDirectory", "MQTTTransport",
        "MerkleLog",
        "Quantities", "Replay", "Runtime", "VirtualHardware", arguments, crypto, logging, lifecycle,
        signals,
      ],
      swiftSettings: settings),

    // MARK: Test doubles, shipped as products
    floor("BusesTesting", ["Buses"]),
    floor("RuntimeTesting", ["Board", "Buses", "Evidence", "MerkleLog", "Runtime"]),

    // A real broker and other processes, for more than one test target; no product.
    .target(
      name: "BrokerTesting", dependencies: ["MQTTTransport"], path: "Tests/BrokerTesting",
      swiftSettings: settings),

    // MARK: Tests
    tests("QuantitiesTests", ["Quantities"]),
    tests("JSONTextTests", ["JSONText"]),
    tests("ConfigurationTests", ["Configuration", "Quantities"]),
    tests("KernelsTests", ["Kernels"], exclude: ["Vectors"]),
    tests("MerkleLogTests", ["MerkleLog", crypto]),
    tests("EvidenceTests", ["Evidence", "MerkleLog", crypto], exclude: ["Vectors"]),
    tests(
      "DriversTests", ["Drivers", "Buses", "BusesTesting", "Configuration", "Quantities"],
      exclude: ["Makers", "Recordings"]),
    tests(
      "BoardTests",
      [
        "Board", "BoardYAML", "Buses", "Configuration", "Drivers", "JSONText", "Kernels",
        "Quantities",
        // Not imported: the tests run the program.
        "cairn",
      ]),
    tests(
      "VirtualHardwareTests",
      ["VirtualHardware", "Drivers", "Buses", "Configuration", "Quantities"]),
    tests(
      "RuntimeTests",
      [
        "Board", "BoardYAML", "Buses", "Configuration", "Drivers", "Evidence", "JSONText",
        "Kernels", "MerkleLog", "Quantities", "Runtime", "RuntimeTesting", logging, lifecycle,
        lifecycleTests,
      ]),
    tests("LinuxPlatformTests", ["LinuxPlatform", "Runtime"]),
    tests("LinuxI2CTests", ["LinuxI2C", "Buses"]),
    tests("LinuxKernelDevicesTests", ["LinuxKernelDevices", "Buses"]),
    tests("LinuxGPIOTests", ["LinuxGPIO", "Buses"]),
    tests(
      "LogDirectoryTests", ["LogDirectory", "Evidence", "MerkleLog", crypto], exclude: ["Interop"]),
    tests("MQTTTransportTests", ["BrokerTesting", "MQTTTransport", "Runtime"]),
    tests("BoardYAMLTests", ["BoardYAML", "Configuration"]),
    tests("HouseTests", []),
    // What fuzzing checks; Fuzzing/Corpora goes through it in every run of the tests.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Board", "BoardYAML", "Configuration", "Evidence", "LogDirectory", "MerkleLog",
      ],
      path: "Fuzzing/FuzzTargets", swiftSettings: settings),
    tests("FuzzTests", ["FuzzTargets"]),
    tests(
      "EndToEndTests",
      [
        "Board", "BoardYAML", "BrokerTesting", "Drivers", "Evidence", "LogDirectory", "MerkleLog",
        "Quantities",
      ], exclude: ["witness.py"]),
  ]
)

// Programs for developers, which an ordinary build leaves out.
if Context.environment["CAIRN_FUZZING"] != nil {
  package.targets += [
    .target(name: "CFuzzer", path: "Fuzzing/CFuzzer"),
    .executableTarget(
      name: "Fuzz", dependencies: ["CFuzzer", "FuzzTargets"], path: "Fuzzing/Fuzz",
      swiftSettings: settings),
  ]
}
if Context.environment["CAIRN_BENCHMARKS"] != nil {
  package.targets.append(
    .executableTarget(
      name: "LogBenchmark", dependencies: ["Evidence", "LogDirectory", "MerkleLog"],
      path: "Benchmarks/LogBenchmark", swiftSettings: settings))
  package.targets += [
    .target(
      name: "CAllocations", path: "Benchmarks/KernelBenchmark/CAllocations",
      cSettings: cSettings),
    .executableTarget(
      name: "KernelBenchmark", dependencies: ["CAllocations", "Kernels"],
      path: "Benchmarks/KernelBenchmark", exclude: ["CAllocations", "references.py"],
      swiftSettings: settings),
  ]
}
