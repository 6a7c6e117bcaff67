/// All kinds of kernels, in the order of their names.
public enum KernelCatalogue {
  /// The kinds.
  public static let all: [any StreamKernel.Type] = [
    FormulaKernel<AbsoluteHumidityFormula>.self,
    EachChannel<AirQualityKernel>.self,
    EachChannel<AnomalyKernel>.self,
    EachChannel<CUSUMKernel>.self,
    FormulaKernel<DewPointFormula>.self,
    EachChannel<ForecastKernel>.self,
    EachChannel<HampelKernel>.self,
    FormulaKernel<HeatIndexFormula>.self,
    MultivariateKernel.self,
    EachChannel<RainRateKernel>.self,
    FormulaKernel<SeaLevelPressureFormula>.self,
    EachChannel<SeasonalKernel>.self,
    EachChannel<StatisticsKernel>.self,
    EachChannel<ThresholdKernel>.self,
    FormulaKernel<PressureDeficitFormula>.self,
    FormulaKernel<WetBulbFormula>.self,
    WindKernel.self,
    FormulaKernel<WindChillFormula>.self,
  ]

  /// The kind behind a word of the board file.
  public static func kind(named name: String) -> (any StreamKernel.Type)? {
    all.first { $0.specification.name == name }
  }
}
