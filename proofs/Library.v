(** * Everything, for the generated files *)
From Losses Require Export Vocabulary Sums Logarithms Sigmoid Derivatives Minimisers Pieces Tactics Softmax Logistic Slopes.
From Losses Require Export Limits Squares DoubleSums Shares Machines Hyperbolic Normal Deviances.
