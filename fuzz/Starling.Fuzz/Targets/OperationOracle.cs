using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>Whether an operation is the same after it was encoded and decoded. What was left open may have been decided.</summary>
internal static class OperationOracle
{
    public static void Compare(Lwm2mRequest first, Lwm2mRequest second)
    {
        switch (first, second)
        {
            case (Lwm2mRequest.Write a, Lwm2mRequest.Write b):
                Same(a.Records, b.Records);
                Require(a with { Records = b.Records }, b);
                break;
            case (Lwm2mRequest.Create a, Lwm2mRequest.Create b):
                Same(a.Records, b.Records);
                Require(a with { Records = b.Records, Format = b.Format }, b);
                break;
            case (Lwm2mRequest.Read a, Lwm2mRequest.Read b):
                Require(a with { Accept = a.Accept ?? b.Accept }, b);
                break;
            case (Lwm2mRequest.Observe a, Lwm2mRequest.Observe b):
                Require(a with { Accept = a.Accept ?? b.Accept }, b);
                break;
            case (Lwm2mRequest.CancelObserve a, Lwm2mRequest.CancelObserve b):
                Require(a with { Accept = a.Accept ?? b.Accept }, b);
                break;
            case (Lwm2mRequest.ReadComposite a, Lwm2mRequest.ReadComposite b):
                Same(a.Paths, b.Paths);
                Require(a with { Paths = b.Paths, Accept = a.Accept ?? b.Accept }, b);
                break;
            case (Lwm2mRequest.ObserveComposite a, Lwm2mRequest.ObserveComposite b):
                Same(a.Paths, b.Paths);
                Require(a with { Paths = b.Paths, Accept = a.Accept ?? b.Accept }, b);
                break;
            case (Lwm2mRequest.CancelObserveComposite a, Lwm2mRequest.CancelObserveComposite b):
                Same(a.Paths, b.Paths);
                Require(a with { Paths = b.Paths, Accept = a.Accept ?? b.Accept }, b);
                break;
            case (Lwm2mRequest.WriteComposite a, Lwm2mRequest.WriteComposite b):
                Same(a.Records, b.Records);
                Require(a with { Records = b.Records }, b);
                break;
            case (Lwm2mRequest.Send a, Lwm2mRequest.Send b):
                Same(a.Records, b.Records);
                Require(a with { Records = b.Records }, b);
                break;
            default:
                Require(first, second);
                break;
        }
    }

    private static void Require(Lwm2mRequest first, Lwm2mRequest second) => OracleException.Require(first == second, $"{first} became {second}.");

    private static void Same(IReadOnlyList<Lwm2mPath> first, IReadOnlyList<Lwm2mPath> second) =>
        OracleException.Require(first.SequenceEqual(second), $"[{string.Join(", ", first)}] became [{string.Join(", ", second)}].");

    // Some formats are written in the order of the tree.
    private static void Same(IReadOnlyList<Lwm2mRecord> first, IReadOnlyList<Lwm2mRecord> second) =>
        OracleException.Require(
            first.OrderBy(r => r.Path).Select(Untyped).SequenceEqual(second.OrderBy(r => r.Path).Select(Untyped)), $"[{string.Join(", ", first)}] became [{string.Join(", ", second)}].");

    // Where no definition says otherwise, a time that a tag told is written as the number that it is.
    private static Lwm2mRecord Untyped(Lwm2mRecord record) => record.Value.Kind == ValueKind.Time ? record with { Value = record.Value.AsInteger() } : record;
}
