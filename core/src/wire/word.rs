//! Four-letter words: what an operator types at a server instead of connecting (facts 9.6).

use std::fmt;

macro_rules! words {
    ($($(#[$about:meta])* $variant:ident = $bytes:literal $name:literal,)+) => {
        /// The words that 3.8.0 knows. Any other four bytes are the length of a frame, and far too long a one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Word {
            $($(#[$about])* $variant,)+
        }

        impl Word {
            /// All of them, in the order of the alphabet.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word that these bytes are.
            pub fn from_bytes(bytes: [u8; 4]) -> Option<Self> {
                match &bytes {
                    $($bytes => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// As it comes in.
            pub fn bytes(self) -> [u8; 4] {
                match self {
                    $(Self::$variant => *$bytes,)+
                }
            }

            /// As the whitelist has it, and as the server names it when the whitelist does not.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

words! {
    /// The configuration.
    Conf = b"conf" "conf",
    /// The connections.
    Cons = b"cons" "cons",
    /// Begin the figures of the connections anew.
    Crst = b"crst" "crst",
    /// Sizes of snapshots and logs.
    Dirs = b"dirs" "dirs",
    /// Sessions and their ephemerals.
    Dump = b"dump" "dump",
    /// The server's environment.
    Envi = b"envi" "envi",
    /// Which messages are logged.
    Gtmk = b"gtmk" "gtmk",
    /// Digests of the tree, by zxid.
    Hash = b"hash" "hash",
    /// Whether the server only reads.
    Isro = b"isro" "isro",
    /// Figures for monitoring.
    Mntr = b"mntr" "mntr",
    /// Whether the server runs.
    Ruok = b"ruok" "ruok",
    /// Begin the server's figures anew.
    Srst = b"srst" "srst",
    /// The server's figures.
    Srvr = b"srvr" "srvr",
    /// The server's figures and its connections.
    Stat = b"stat" "stat",
    /// Set which messages are logged: eight bytes of mask follow.
    Stmk = b"stmk" "stmk",
    /// Watches by session.
    Wchc = b"wchc" "wchc",
    /// Watches by path.
    Wchp = b"wchp" "wchp",
    /// Watches, counted.
    Wchs = b"wchs" "wchs",
    /// What telnet sends when it closes.
    TelnetClose = b"\xFF\xF4\xFF\xFD" "telnet close",
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Word;

    #[test]
    fn words_and_bytes_are_one_to_one() {
        for word in Word::ALL {
            assert_eq!(Word::from_bytes(word.bytes()), Some(*word));
        }
        assert_eq!(Word::from_bytes(*b"srvr").map(Word::name), Some("srvr"));
        assert_eq!(Word::from_bytes(*b"icfg"), None, "3.8.0 takes it for a length");
    }
}
