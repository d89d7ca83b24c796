using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace Starling.Crypto;

/// <summary>
/// GHASH (NIST SP 800-38D §6.4) on the processor's carry-less multiplication: no table, so no time tells of the key. GHASH numbers bits from the wrong end for
/// that instruction; by RFC 8452 appendix A it is POLYVAL of the same bytes in reverse order, with the key once multiplied by x, and POLYVAL has them right.
/// </summary>
internal struct Ghash
{
    // x^128 + x^127 + x^126 + x^121 + 1 (RFC 8452 §3), upper and lower half without x^128.
    private const ulong PolynomialHigh = 0xc200000000000000;
    private const ulong PolynomialLow = 1;

    private Vector128<ulong> _key;
    private Vector128<ulong> _sum;

    /// <summary>Takes the hash key: AES of zeros.</summary>
    public Ghash(Vector128<byte> key) => _key = TimesX(Reversed(key));

    /// <summary>Whether this processor has the instruction.</summary>
    public static bool IsSupported => Pclmulqdq.IsSupported || ArmAes.IsSupported;

    /// <summary>The hash of the blocks taken.</summary>
    public readonly Vector128<byte> Value => Reversed(_sum.AsByte()).AsByte();

    /// <summary>Takes one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(Vector128<byte> block) => _sum = Dot(_sum ^ Reversed(block), _key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Reversed(Vector128<byte> block) =>
        Vector128.Shuffle(block, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)).AsUInt64();

    // One bit to the left; what falls out at the top comes back as the polynomial, by a mask and not by a branch.
    private static Vector128<ulong> TimesX(Vector128<ulong> value)
    {
        var (low, high) = (value[0], value[1]);
        var carry = (ulong)((long)high >> 63);
        return Vector128.Create((low << 1) ^ (carry & PolynomialLow), ((high << 1) | (low >> 63)) ^ (carry & PolynomialHigh));
    }

    // RFC 8452 §3: a · b · x^−128. The lower half of the product is folded away in two steps of 64 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Dot(Vector128<ulong> a, Vector128<ulong> b)
    {
        var middle = LowByHigh(a, b) ^ LowByHigh(b, a);
        var low = LowByLow(a, b) ^ Vector128.Create(0, middle[0]);
        var high = HighByHigh(a, b) ^ Vector128.Create(middle[1], 0);
        return high ^ Fold(Fold(low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> low) =>
        Vector128.Shuffle(low, Vector128.Create(1ul, 0)) ^ LowByLow(low, Vector128.Create(PolynomialHigh));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> LowByLow(Vector128<ulong> a, Vector128<ulong> b) => Pclmulqdq.IsSupported
        ? Pclmulqdq.CarrylessMultiply(a, b, 0x00)
        : ArmAes.PolynomialMultiplyWideningLower(a.GetLower(), b.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> LowByHigh(Vector128<ulong> a, Vector128<ulong> b) => Pclmulqdq.IsSupported
        ? Pclmulqdq.CarrylessMultiply(a, b, 0x10)
        : ArmAes.PolynomialMultiplyWideningLower(a.GetLower(), b.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> HighByHigh(Vector128<ulong> a, Vector128<ulong> b) => Pclmulqdq.IsSupported
        ? Pclmulqdq.CarrylessMultiply(a, b, 0x11)
        : ArmAes.PolynomialMultiplyWideningUpper(a, b);
}
