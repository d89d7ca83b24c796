using FsCheck;
using FsCheck.Fluent;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

/// <summary>Any sequence of writes to a multiple resource leaves what a plain dictionary would hold.</summary>
public class WriteModelTests
{
    [Fact]
    public void Writes_of_a_multiple_resource_follow_the_model()
    {
        var step = from kind in Gen.Choose(0, 3)
                   from values in Gen.Choose(0, 5).SelectMany(id => Gen.Choose(-9, 9).Select(value => (id, value))).ListOf()
                   select (kind, values: values.DistinctBy(v => v.id).ToArray());
        Prop.ForAll(step.ListOf().ToArbitrary(), steps => Follow([.. steps])).QuickCheckThrowOnFailure();
    }

    private static bool Follow((int Kind, (int Id, int Value)[] Values)[] steps)
    {
        var instance = TestObjects.NewEverything();
        var tree = new ObjectTree([instance]);
        var resource = new Lwm2mPath(9000, 0, 9);
        var model = new SortedDictionary<int, int> { [0] = 10, [1] = 20 };
        foreach (var (kind, values) in steps)
        {
            Do(tree, resource, model, kind, values);
            var held = ((MultipleResource)instance[9]).Current!;
            if (!held.Select(p => (p.Key, (int)p.Value.AsInteger())).SequenceEqual(model.Select(p => (p.Key, p.Value))))
            {
                return false;
            }
        }
        return true;
    }

    private static void Do(ObjectTree tree, Lwm2mPath resource, SortedDictionary<int, int> model, int kind, (int Id, int Value)[] values)
    {
        switch (kind)
        {
            case 0 or 1:
                Lwm2mRecord[] records = [.. values.Select(v => new Lwm2mRecord(resource.Append(v.Id), v.Value))];
                var isReplaced = kind == 0;
                WriteOperation.Answer(tree, new Lwm2mRequest.Write(resource, records, isReplaced), 16);
                if (isReplaced)
                {
                    model.Clear();
                }
                values.ToList().ForEach(v => model[v.Id] = v.Value);
                break;
            case 2 when values is [var (id, value), ..]:
                var path = resource.Append(id);
                WriteOperation.Answer(tree, new Lwm2mRequest.Write(path, [new(path, value)]), 16);
                if (model.ContainsKey(id))
                {
                    model[id] = value;
                }
                break;
            case 3 when values is [var (id, _), ..]:
                DeleteOperation.Answer(tree, resource.Append(id));
                if (model.Count > 1)
                {
                    model.Remove(id);
                }
                break;
        }
    }
}
