using System.Runtime.CompilerServices;

namespace Starling.Crypto;

/// <summary>The eight words between two blocks of SHA-256.</summary>
[InlineArray(Sha256.HashSize / sizeof(uint))]
internal struct Sha256State
{
    private uint _first;
}
