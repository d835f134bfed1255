using System.Globalization;
using System.Text;

namespace Faultline.Bench;

/// <summary>Generated input files, the same bytes on every machine.</summary>
internal static class Fixtures
{
    private const string Syllables = "ka lo mi ter an do ver sti en ra pol qu ith gar e sun na be ol cra";

    /// <summary>Text of made-up words, some frequent and most rare, in lines and paragraphs; it compresses about as prose does.</summary>
    /// <param name="path">Where to write it.</param>
    /// <param name="megabytes">Its size in MiB.</param>
    public static void WriteText(string path, int megabytes)
    {
        ulong seed = 1;
        string[] words = new string[4096];
        for (int i = 0; i < words.Length; i++)
            words[i] = Word(ref seed);
        int length = megabytes << 20;
        StringBuilder text = new(length + 64);
        for (int column = 0; text.Length < length;)
        {
            // The product of two numbers favours small ones.
            string word = words[Next(ref seed, 64) * Next(ref seed, 64)];
            text.Append(word);
            column += word.Length + 1;
            bool wraps = column > 90;
            text.Append(Next(ref seed, 12) == 0 ? "," : "").Append(wraps ? Next(ref seed, 8) == 0 ? ".\n\n" : "\n" : " ");
            column = wraps ? 0 : column;
        }
        text.Length = length;
        File.WriteAllText(path, text.ToString());
    }

    /// <summary>A C file without includes: functions with loops, switches, structures and calls of one another.</summary>
    /// <param name="path">Where to write it.</param>
    /// <param name="functions">How many functions.</param>
    public static void WriteCode(string path, int functions)
    {
        ulong seed = 1;
        StringBuilder code = new();
        code.Append("struct record { int a, b; double weight; struct record *next; };\n");
        for (int i = 0; i < functions; i++)
        {
            string callee = i == 0 ? "x" : $"f{Next(ref seed, i)}(list, x - 1, table)";
            code.Append(CultureInfo.InvariantCulture, $$"""
                long f{{i}}(struct record *list, int x, int *table)
                {
                    long sum = {{Next(ref seed, 1000)}};
                    if (x <= 0)
                        return table[{{Next(ref seed, 64)}}];
                    for (struct record *r = list; r; r = r->next) {
                        switch (r->a % {{3 + Next(ref seed, 6)}}) {
                        case 0: sum += r->b * {{1 + Next(ref seed, 99)}}; break;
                        case 1: sum ^= (long)(r->weight * {{1 + Next(ref seed, 99)}}.5); break;
                        case 2: r->b += {{callee}}; break;
                        default: sum -= table[(r->a + x) & {{(1 << (2 + Next(ref seed, 5))) - 1}}];
                        }
                    }
                    for (int i = 0; i < x; i++)
                        for (int j = i; j < {{8 + Next(ref seed, 56)}}; j++)
                            table[j] += table[i] * {{1 + Next(ref seed, 9)}} + (int)(sum >> (j & {{7 + (8 * Next(ref seed, 2))}}));
                    return sum + {{callee}};
                }

                """).Append('\n');
        }
        File.WriteAllText(path, code.ToString());
    }

    private static string Word(ref ulong seed)
    {
        string[] syllables = Syllables.Split(' ');
        StringBuilder word = new();
        for (int count = 1 + Next(ref seed, 4); count > 0; count--)
            word.Append(syllables[Next(ref seed, syllables.Length)]);
        return word.ToString();
    }

    private static int Next(ref ulong seed, int limit)
    {
        seed = (seed * 6364136223846793005) + 1442695040888963407;
        return (int)((seed >> 33) % (ulong)limit);
    }
}
