using System.Diagnostics;
using System.Text;
using Faultline.Explain.Explanations;
using Faultline.Explain.Output;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Tests.Reports;

/// <summary>Damaged reports: no exception, and time and memory that depend on the input's size alone.</summary>
public class MutationTests
{
    private const int Count = 100_000;

    /// <summary>Of these many one is explained and printed in all three forms too, which costs more than reading it.</summary>
    private const int PrintEvery = 20;

    private const int MaxLength = 6000;

    /// <summary>Milliseconds that one text may take; a quiet machine needs about one, or ten where it is printed.</summary>
    private const long Slow = 1000;

    [Fact]
    public void AHundredThousandDamagedReportsAreReadAndPrinted()
    {
        byte[][] originals = [.. Fixtures.AllTexts.Select(name => Encoding.UTF8.GetBytes(Fixtures.Text(name))).Where(text => text.Length > 200)];
        int found = 0;
        long slowest = 0;
        Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            Random random = new(i);
            string text = Encoding.UTF8.GetString(Mutate(originals[random.Next(originals.Length)], originals, random));
            try
            {
                // On a busy machine any one run may be interrupted for long: what counts is the best of a few.
                long best = Run(text, i, ref found);
                for (int again = 0; again < 5 && best > Slow; again++)
                {
                    int ignored = 0;
                    best = Math.Min(best, Run(text, i, ref ignored));
                }
                InterlockedMax(ref slowest, best);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {i}", e);
            }
        });
        // Most of them are still reports: what was tested is the parsers, not their first test.
        Assert.True(found > Count / 2, $"{found} reports");
        Assert.True(slowest <= Slow, $"the slowest took {slowest} ms");
    }

    /// <summary>Reads a text, and prints it where its turn has come.</summary>
    /// <returns>Milliseconds.</returns>
    private static long Run(string text, int seed, ref int found)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Interlocked.Add(ref found, ReportFinder.Find(text).Count);
        if (seed % PrintEvery == 0)
            Print(text);
        return watch.ElapsedMilliseconds;
    }

    private static void Print(string text)
    {
        using StringReader reader = new(text);
        Explanation explanation = Explainer.Explain("x", reader, []);
        ExplanationText.Write(TextWriter.Null, explanation);
        ExplanationHtml.Write(TextWriter.Null, explanation);
        ExplanationJson.Write(Stream.Null, explanation);
    }

    private static byte[] Mutate(byte[] original, byte[][] all, Random random)
    {
        int start = original.Length > MaxLength ? random.Next(original.Length - MaxLength) : 0;
        List<byte> text = [.. original.AsSpan(start, Math.Min(MaxLength, original.Length))];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            switch (random.Next(9))
            {
                case 0:
                    for (int n = random.Next(1, 40); n > 0 && text.Count > 0; n--)
                        text[random.Next(text.Count)] = (byte)random.Next(256);
                    break;
                case 1:
                    text.RemoveRange(0, random.Next(text.Count + 1));
                    break;
                case 2:
                    int keep = random.Next(text.Count + 1);
                    text.RemoveRange(keep, text.Count - keep);
                    break;
                case 3:
                    text = Lines(text, lines => Shuffle(lines, random));
                    break;
                case 4:
                    text = Lines(text, lines => lines.InsertRange(random.Next(lines.Count), Enumerable.Repeat(lines[random.Next(lines.Count)], random.Next(1, 30)).ToArray()));
                    break;
                case 5:
                    text.InsertRange(random.Next(text.Count + 1), Encoding.ASCII.GetBytes(new string(random.Next(2) == 0 ? '9' : 'f', random.Next(1, 200))));
                    break;
                case 6:
                    byte[] noise = new byte[random.Next(1, 500)];
                    random.NextBytes(noise);
                    text.InsertRange(random.Next(text.Count + 1), noise);
                    break;
                case 7:
                    byte[] other = all[random.Next(all.Length)];
                    int from = random.Next(other.Length);
                    text.InsertRange(random.Next(text.Count + 1), other.AsSpan(from, Math.Min(1000, other.Length - from)).ToArray());
                    break;
                default:
                    byte special = "[]<>(){}:+/?#\"&\0\r\u001b"u8[random.Next(16)];
                    for (int n = random.Next(1, 30); n > 0; n--)
                        text.Insert(random.Next(text.Count + 1), special);
                    break;
            }
        }
        return [.. text];
    }

    private static List<byte> Lines(List<byte> text, Action<List<string>> change)
    {
        List<string> lines = [.. Encoding.Latin1.GetString(text.ToArray()).Split('\n')];
        change(lines);
        return [.. Encoding.Latin1.GetBytes(string.Join('\n', lines))];
    }

    private static void Shuffle(List<string> lines, Random random)
    {
        for (int n = random.Next(1, lines.Count + 1); n > 0; n--)
        {
            int a = random.Next(lines.Count);
            int b = random.Next(lines.Count);
            (lines[a], lines[b]) = (lines[b], lines[a]);
        }
    }

    private static void InterlockedMax(ref long target, long value)
    {
        long seen = Interlocked.Read(ref target);
        while (value > seen)
        {
            long before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
