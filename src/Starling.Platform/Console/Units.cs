namespace Starling.Platform;

/// <summary>Units of the object definitions (SenML's and UCUM's) as people write them.</summary>
internal static class Units
{
    public static string Show(string units) => units switch
    {
        "Cel" => "°C",
        "/100" => "%",
        "degC" or "cel" => "°C",
        "Far" => "°F",
        "deg" => "°",
        "%RH" => "% RH",
        "m2" => "m²",
        "m3" => "m³",
        "m/s2" => "m/s²",
        "Ohm" => "Ω",
        _ => units,
    };
}
