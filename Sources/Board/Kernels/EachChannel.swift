public import Configuration
public import Drivers
public import Kernels

/// A kernel over one stream.
public protocol ChannelKernel: Sendable {
  /// What the kind is.
  static var specification: KernelSpecification { get }

  /// A kernel over a stream, with options that the specification describes.
  init(options: OptionValues, input: ChannelReference) throws(OptionConflict)

  /// The outputs, in the order of their numbers.
  var outputs: [KernelChannel] { get }

  /// Takes a sample.
  mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs)

  /// Says that time has come so far, though no sample came.
  mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs)

  /// Says that no sample will come any more, so that what waits for a later one is given.
  mutating func finish(into outputs: inout KernelOutputs)
}

extension ChannelKernel {
  /// Nothing happens by time alone.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {}

  /// Nothing waits.
  public mutating func finish(into outputs: inout KernelOutputs) {}
}

/// The same kernel over each of some streams.
///
/// Over one stream its outputs have their own names, over several they begin with the stream's.
public struct EachChannel<Kernel: ChannelKernel>: StreamKernel {
  /// What the kind is.
  public static var specification: KernelSpecification { Kernel.specification }

  /// The outputs of all streams, stream by stream.
  public let outputs: [KernelChannel]
  private var kernels: [Kernel]
  private let width: Int

  /// A kernel for each stream, all with the same options.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    var kernels: [Kernel] = []
    for input in inputs { kernels.append(try Kernel(options: options, input: input)) }
    self.kernels = kernels
    width = kernels.first?.outputs.count ?? 0
    outputs = zip(inputs, kernels).flatMap { input, kernel in
      kernel.outputs.map { output in
        inputs.count == 1
          ? output
          : output.named("\(input).\(output.name)")
      }
    }
  }

  /// Takes a sample of the stream with an index.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    outputs.base += input * width
    kernels[input].accept(sample, into: &outputs)
    outputs.base -= input * width
  }

  /// Says that time has come so far.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {
    for input in kernels.indices {
      outputs.base += input * width
      kernels[input].advance(to: nanoseconds, into: &outputs)
      outputs.base -= input * width
    }
  }

  /// Says that no sample will come any more.
  public mutating func finish(into outputs: inout KernelOutputs) {
    for input in kernels.indices {
      outputs.base += input * width
      kernels[input].finish(into: &outputs)
      outputs.base -= input * width
    }
  }
}
