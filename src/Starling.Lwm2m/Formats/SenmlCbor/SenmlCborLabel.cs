namespace Starling.Lwm2m;

/// <summary>The numbers that stand for field names in SenML CBOR (RFC 8428 §6).</summary>
internal static class SenmlCborLabel
{
    public const int BaseVersion = -1;
    public const int BaseName = -2;
    public const int BaseTime = -3;
    public const int BaseUnit = -4;
    public const int BaseValue = -5;
    public const int Name = 0;
    public const int Unit = 1;
    public const int Value = 2;
    public const int Text = 3;
    public const int Boolean = 4;
    public const int Time = 6;
    public const int Bytes = 8;

    /// <summary><c>vlo</c> has no number: LwM2M's own field is named by text. This one is never on the wire.</summary>
    public const int ObjectLink = int.MaxValue;
}
