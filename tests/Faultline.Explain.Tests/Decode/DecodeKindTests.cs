using System.Text;
using System.Text.Json;
using Faultline.Explain.Decode;

namespace Faultline.Explain.Tests.Decode;

/// <summary>All kinds: their examples work, and no words that a user can type make any of them fail otherwise than by a message.</summary>
public class DecodeKindTests
{
    private const string Frame = "RAX: ffffffffffffffda RDI: 3 ORIG_RAX: 0\nr15 : 40a r8 : 2 r10 : ffffffffffffffff\nkrbs[0]: 0x40a\nkrbs[1]: 0x5\nCode: 0f 05 <48>\nstack_pointer: 4\n";

    public static TheoryData<string> Names => [.. DecodeKinds.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheExampleWorksAsTextAndAsJson(string name)
    {
        DecodeKind kind = DecodeKinds.Find(name)!;
        DecodeOutcome outcome = Try(kind, kind.Example.Split(' '));
        Assert.Equal("", outcome.Error);
        StringWriter text = new();
        DecodedText.Write(text, outcome.Value!);
        Assert.StartsWith(outcome.Value!.Title, text.ToString());
        using MemoryStream json = new();
        DecodedJson.Write(json, name, outcome.Value!);
        using JsonDocument document = JsonDocument.Parse(json.ToArray());
        Assert.Equal(name, document.RootElement.GetProperty("kind").GetString());
        Assert.Equal(outcome.Value!.Fields.Count, document.RootElement.GetProperty("fields").GetArrayLength());
        Assert.NotEqual("", outcome.Value!.Source);
    }

    [Fact]
    public void EachNameAndAliasMeansOneKind()
    {
        string[] names = [.. DecodeKinds.All.SelectMany(kind => kind.Aliases.Append(kind.Name))];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        StringWriter list = new();
        DecodedText.WriteKinds(list, DecodeKinds.All);
        Assert.All(DecodeKinds.All, kind => Assert.Contains($"faultline decode {kind.Name} {kind.Example}", list.ToString()));
        Assert.Null(DecodeKinds.Find("nothing"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnyWordsGiveAValueOrAMessage(string name)
    {
        DecodeKind kind = DecodeKinds.Find(name)!;
        Random random = new(name.Length);
        string[] seeds =
        [
            .. DecodeKinds.All.Select(k => k.Example), "", " ", "-", "--", "-1", "0x", "0b", "0b102", "18446744073709551615", "18446744073709551616", "99999999999999999999999999",
            "ffffffffffffffff", "0xffffffffffffffffffffffffffffffff", "-9223372036854775808", "٣", "\0", "\ud800", "🙂", "1 2 3 4 5 6 7 8", "SIGSEGV -2147483648", "x86-64 -0x1",
            "c0000082 ffffffffffffffff", new string('f', 20_000), new string('0', 100_000), string.Join(' ', Enumerable.Repeat("00", 5000)), "<48>", "SIGRTMIN+1", "_", "base0=1",
        ];
        const string Alphabet = "0123456789abcdefxXlLuU-_,;:<>()[]= \tEZ\u00e9";
        for (int i = 0; i < 4000; i++)
        {
            StringBuilder word = new(seeds[random.Next(seeds.Length)]);
            for (int change = random.Next(4); change > 0 && word.Length > 0 && word.Length < 1000; change--)
            {
                int at = random.Next(word.Length);
                switch (random.Next(3))
                {
                    case 0:
                        word[at] = Alphabet[random.Next(Alphabet.Length)];
                        break;
                    case 1:
                        word.Remove(at, 1);
                        break;
                    default:
                        word.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                        break;
                }
            }
            string[] words = random.Next(4) == 0 ? [word.ToString()] : word.ToString().Split(' ');
            Check(Try(kind, words));
        }
    }

    [Fact]
    public void AnyTextGivesAFrameOrAMessage()
    {
        Random random = new(11);
        string[] seeds = [Frame, Fixtures.Text("cases/ia64-arguments.txt"), Fixtures.Text("crash-reports/debian-6.1/null_write.txt")];
        string[] abis = ["x86-64", "int80", "ia64-break", "ia64-epc"];
        foreach (string name in (string[])["syscall-frame", "tss"])
        {
            DecodeKind kind = DecodeKinds.Find(name)!;
            for (int i = 0; i < 3000; i++)
            {
                StringBuilder text = new(seeds[random.Next(seeds.Length)]);
                for (int change = random.Next(12); change > 0; change--)
                    text[random.Next(text.Length)] = (char)random.Next(random.Next(4) == 0 ? 0x10000 : 128);
                Check(kind.Decode(new DecodeRequest { Text = text.ToString(0, random.Next(text.Length + 1)), Abi = abis[random.Next(4)] }));
            }
        }
    }

    [Fact]
    public void TextWithoutEndIsReadInBoundedTime()
    {
        string[] texts = [new('a', 2_000_000), new(':', 2_000_000), new string('[', 1_000_000) + new string(']', 1_000_000), string.Concat(Enumerable.Repeat("r1: 2 ", 300_000)), string.Concat(Enumerable.Repeat("a[99999]: 2\n", 200_000))];
        foreach (string text in texts)
        {
            System.Diagnostics.Stopwatch time = System.Diagnostics.Stopwatch.StartNew();
            Check(DecodeKinds.Find("syscall-frame")!.Decode(new DecodeRequest { Text = text, Abi = "ia64-epc" }));
            Check(DecodeKinds.Find("tss")!.Decode(new DecodeRequest { Text = text }));
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(10), $"{time.Elapsed} for {text[..20]}");
        }
    }

    private static DecodeOutcome Try(DecodeKind kind, string[] words) =>
        kind.Decode(new DecodeRequest { Words = words, Text = kind.ReadsText ? Frame : null, Abi = kind.ReadsText ? "x86-64" : null });

    private static void Check(DecodeOutcome outcome)
    {
        Assert.True(outcome.Value is null != (outcome.Error.Length == 0));
        Assert.True(outcome.Error.Length < 400, outcome.Error);
        if (outcome.Value is not { } decoded)
            return;
        DecodedText.Write(TextWriter.Null, decoded);
        DecodedJson.Write(Stream.Null, "any", decoded);
    }
}
