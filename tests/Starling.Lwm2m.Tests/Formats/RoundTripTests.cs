using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>What a format can say comes back as the same records: every format, the same records.</summary>
public sealed class RoundTripTests
{
    private const int Rounds = 2000;

    public static TheoryData<ushort> Formats => [.. ContentCodecs.All.Select(c => c.Format.Value)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Records_come_back_the_same(ushort number)
    {
        var format = new ContentFormat(number);
        var codec = ContentCodecs.Find(format)!;
        var encoded = 0;
        for (var seed = 0; seed < Rounds; seed++)
        {
            var (scope, records) = new RecordGenerator(seed).Next();
            if (!codec.CanEncode(scope, records))
            {
                Assert.Throws<ArgumentException>(() => codec.Encode(scope, records, new System.Buffers.ArrayBufferWriter<byte>()));
                continue;
            }
            encoded++;
            var bytes = Codec.Encode(format, scope, records);
            var error = Codec.TryDecode(format, scope, bytes, out var read);
            var expected = Expected(scope, records);
            if (!error.IsNone || !expected.SequenceEqual(read))
            {
                Assert.Fail($"seed {seed}, base {scope.BasePath}: {error} in {Convert.ToHexStringLower(bytes)}\n{Codec.Show(expected)}\n{Codec.Show(read)}");
            }
        }
        Assert.True(encoded > Rounds / (codec.IsSingleValue ? 40 : 3), $"{format} took only {encoded}");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_prefix_of_a_payload_is_taken_or_refused_but_never_thrown_at(ushort number)
    {
        var format = new ContentFormat(number);
        var codec = ContentCodecs.Find(format)!;
        for (var seed = 0; seed < 300; seed++)
        {
            var (scope, records) = new RecordGenerator(seed).Next();
            if (!codec.CanEncode(scope, records))
            {
                continue;
            }
            var bytes = Codec.Encode(format, scope, records);
            for (var length = 0; length < Math.Min(bytes.Length, 600); length++)
            {
                var error = Codec.TryDecode(format, scope, bytes.AsSpan(0, length), out _);
                if (error.IsNone && format is { Value: 60 or 110 or 112 or 320 or 322 or 11543 or 11544 })
                {
                    Assert.Fail($"seed {seed}: {length} of {bytes.Length} bytes are taken for the whole");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Mutated_payloads_are_never_thrown_at_and_what_is_taken_comes_back(ushort number)
    {
        var format = new ContentFormat(number);
        var codec = ContentCodecs.Find(format)!;
        var random = new Random(number);
        var taken = 0;
        for (var seed = 0; seed < 2000; seed++)
        {
            var (scope, records) = new RecordGenerator(seed).Next();
            if (!codec.CanEncode(scope, records))
            {
                continue;
            }
            var bytes = Mutate(Codec.Encode(format, scope, records), random);
            if (Codec.TryDecode(format, scope, bytes, out var read).IsNone)
            {
                taken++;
                RequireSameAgain(codec, scope, read, seed);
            }
        }
        Assert.True(taken > 0, "every mutation was refused: the test shows nothing");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Random_bytes_are_never_thrown_at(ushort number)
    {
        var random = new Random(number + 1);
        var bytes = new byte[64];
        string[] paths = ["/", "/42769", "/42769/0", "/42769/0/4", "/42769/0/104/0", "/9999/1"];
        for (var i = 0; i < 20_000; i++)
        {
            var length = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(0, length));
            Codec.TryDecode(new ContentFormat(number), Codec.Scope(paths[i % paths.Length]), bytes.AsSpan(0, length), out _);
        }
    }

    private static void RequireSameAgain(ContentCodec codec, in CodecScope scope, RecordSet read, int seed)
    {
        var again = scope with { OmitInstance = read.InstanceOmitted && codec.Format is { Value: 11542 or 11544 } };
        if (!codec.CanEncode(again, read.AsSpan()))
        {
            return;   // times before 1978, and NaN in JSON's stead, are read and not written
        }
        var records = read.OrderBy(r => r.Path).ToArray();
        var back = Codec.Decode(codec.Format, again, Codec.Encode(codec.Format, again, records));
        var expected = Expected(again, records);
        if (!expected.SequenceEqual(back))
        {
            Assert.Fail($"seed {seed}:\n{Codec.Show(expected)}\n{Codec.Show(back)}");
        }
    }

    // Nothing at all below a path reads as the path without members, and so does an instance without members and without a number.
    private static Lwm2mRecord[] Expected(in CodecScope scope, Lwm2mRecord[] records)
    {
        var isNothing = records.Length == 0 ? scope.BasePath.Depth is > 0 and < 4 : scope.OmitInstance && records.All(r => r.Value.Kind == ValueKind.Empty && r.Path.Depth < 3);
        return isNothing ? [new Lwm2mRecord(scope.BasePath, Lwm2mValue.Empty)] : records;
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes = [.. bytes[..at], .. bytes[(at + 1)..]];
                    break;
                case 1:
                    bytes = [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
                    break;
                case 2:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }
        return bytes;
    }
}
